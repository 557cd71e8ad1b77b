import type { Bytes } from '../core/bytes.ts';
import { BLOCK_LENGTH } from '../core/crypto/gcm.ts';
import { MediaError } from '../core/errors.ts';
import { fitsTable } from './fits-table.ts';
import type { ItemContext } from './item-store.ts';

/**
 * Plaintext from `offset` to the end of its segment, if that segment is here: compared with what was counted, unless it
 * has not left this memory since. What is damaged is dropped, and fetched again: the server's copy may still be right.
 */
export async function readKept(
	offset: number,
	context: Pick<ItemContext, 'cipher' | 'buffer' | 'ledgerStore' | 'limits' | 'table'>,
): Promise<Bytes | undefined> {
	const { cipher, buffer, ledgerStore, limits } = context;
	const index = Math.floor(offset / limits.segment);
	const start = index * limits.segment;
	const ghash = ledgerStore.ghashOf(index);
	const kept = ghash && (await buffer.get(index));
	if (ghash === undefined || kept === undefined) return undefined;
	// GHASH does not see zeros that pad a block.
	if (kept.bytes.length !== ledgerStore.ledger?.lengthOf(index)) {
		await buffer.remove(index);
		return undefined;
	}
	if (kept.trusted) {
		const from = offset - ((offset - start) % BLOCK_LENGTH);
		const plain = await cipher.decrypt(from, kept.bytes.subarray(from - start));
		return plain.subarray(offset - from);
	}
	let plain: Bytes;
	try {
		plain = await cipher.open(start, kept.bytes, ghash);
	} catch {
		await buffer.remove(index);
		return undefined;
	}
	// What was counted has been changed, too.
	if (!(await fitsTable(context, index, kept.bytes, ghash))) throw new MediaError('tampered');
	return plain.subarray(offset - start);
}
