import { type Bytes, equalBytes } from '../core/bytes.ts';
import { maskedGhash } from '../core/crypto/segment-tags.ts';
import type { FileTable } from './find-table.ts';
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
	if (!isSameTable(table, start, bytes)) return false;
	return table.fits(index, await maskedGhash(cipher, table.head, start, bytes, ghash));
}

/** Whether what a segment holds of the table is what was found to be right. */
function isSameTable({ head, sealed }: FileTable, start: number, bytes: Bytes): boolean {
	const from = Math.max(start, head.offset);
	const end = Math.min(start + bytes.length, head.offset + head.length);
	if (from >= end) return true;
	const told = sealed.subarray(from - head.offset, end - head.offset);
	return equalBytes(bytes.subarray(from - start, end - start), told);
}
