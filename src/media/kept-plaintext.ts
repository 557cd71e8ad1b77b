import type { Bytes } from '../core/bytes.ts';
import { BLOCK_LENGTH, type SegmentCipher } from '../core/crypto/gcm.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { Limits } from './limits.ts';
import type { SegmentBuffer } from './segment-buffer.ts';

/**
 * Plaintext from `offset` to the end of its segment, if that segment is here: compared with what was counted, unless it
 * has not left this memory since. What is damaged is dropped, and fetched again: the server's copy may still be right.
 */
export async function readKept(
	offset: number,
	{
		cipher,
		buffer,
		ledgerStore,
		limits,
	}: { cipher: SegmentCipher; buffer: SegmentBuffer; ledgerStore: LedgerStore; limits: Limits },
): Promise<Bytes | undefined> {
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
	try {
		return (await cipher.open(start, kept.bytes, ghash)).subarray(offset - start);
	} catch {
		await buffer.remove(index);
		return undefined;
	}
}
