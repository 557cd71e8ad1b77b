import type { Bytes } from '../core/bytes.ts';
import { maskedGhash } from '../core/crypto/segment-tags.ts';
import type { ItemContext } from './item-store.ts';

/** Whether a segment's ciphertext, whose GHASH is `ghash`, is what the file's table says; so is any where there is none. */
export async function fitsTable(
	{ table, cipher, limits }: Pick<ItemContext, 'cipher' | 'limits' | 'table'>,
	index: number,
	bytes: Bytes,
	ghash: Bytes,
): Promise<boolean> {
	if (table === undefined) return true;
	const start = index * limits.segment;
	return table.fits(index, await maskedGhash(cipher, table.head, start, bytes, ghash));
}
