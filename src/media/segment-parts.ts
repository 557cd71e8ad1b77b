import type { Bytes } from '../core/bytes.ts';
import { BLOCK_LENGTH } from '../core/crypto/gcm.ts';
import type { Limits } from './limits.ts';

/**
 * Ciphertext of segments that streams began in the middle of: released and noted, but not whole, so it cannot be
 * cached. A few of them stay in memory, because players read an index at the end of a file twice.
 */
export interface SegmentParts {
	/** Keeps what a segment has from `from` (bytes within it, a block boundary) to its end. */
	put(index: number, from: number, bytes: Bytes): void;
	/** What is here from the block of `offset` on. */
	get(offset: number): { start: number; bytes: Bytes } | undefined;
	clear(): void;
}

export function createSegmentParts({ segment, parts: most }: Limits): SegmentParts {
	const parts = new Map<number, { from: number; bytes: Bytes }>();
	return {
		put(index, from, bytes) {
			const before = parts.get(index);
			parts.delete(index);
			parts.set(index, before !== undefined && before.from < from ? before : { from, bytes });
			const [oldest] = parts.keys();
			if (parts.size > most && oldest !== undefined) parts.delete(oldest);
		},
		get(offset) {
			const index = Math.floor(offset / segment);
			const part = parts.get(index);
			const within = offset - index * segment;
			const start = within - (within % BLOCK_LENGTH);
			if (part === undefined || start < part.from || within >= part.bytes.length) return undefined;
			return { start: index * segment + start, bytes: part.bytes.subarray(start) };
		},
		clear: () => parts.clear(),
	};
}
