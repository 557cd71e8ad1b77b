import { usedTime } from '../core/clock.ts';
import { asMediaError } from '../core/errors.ts';
import type { MediaRecords } from './media-records.ts';
import type { SegmentStore } from './segment-store.ts';

/**
 * Frees room by dropping the segments of the least recently used item but `keep`. Record and ledger stay:
 * it can be loaded again, and must then be the same. Resolves to the dropped id, or undefined if there is none left.
 */
export async function evictOldest(
	{ media, segments }: { media: MediaRecords; segments: SegmentStore },
	keep: ReadonlySet<string>,
): Promise<string | undefined> {
	const [records, held] = await Promise.all([media.list(), segments.items()]);
	const now = Date.now();
	const [oldest] = records
		// What is nowhere else stays.
		.filter(({ id, url }) => held.includes(id) && !keep.has(id) && url !== '')
		.sort((a, b) => usedTime(a.usedAt, now) - usedTime(b.usedAt, now));
	if (oldest === undefined) return undefined;
	await segments.removeAll(oldest.id);
	return oldest.id;
}

/**
 * Does what takes room for an item, at the cost of other items where there is none: `work` is done again after each of
 * them. Throws what it throws.
 */
export async function evicting<T>(
	vault: { media: MediaRecords; segments: SegmentStore },
	id: string,
	work: () => Promise<T>,
): Promise<T> {
	const busy = new Set([id]);
	for (;;) {
		try {
			return await work();
		} catch (thrown) {
			if (asMediaError(thrown).code !== 'storage-full') throw thrown;
			const evicted = await evictOldest(vault, busy);
			if (evicted === undefined) throw thrown;
			busy.add(evicted);
		}
	}
}
