import type { MediaRecords } from './media-records.ts';
import type { SegmentStore } from './segment-cache.ts';

/**
 * Frees room by dropping the segments of the least recently used item but `keep`. Record and ledger stay:
 * it can be loaded again, and must then be the same. Resolves to the dropped id, or undefined if there is none left.
 */
export async function evictOldest(
	{ media, segments }: { media: MediaRecords; segments: SegmentStore },
	keep: ReadonlySet<string>,
): Promise<string | undefined> {
	const [records, held] = await Promise.all([media.list(), segments.items()]);
	const [oldest] = records
		.filter(({ id }) => held.includes(id) && !keep.has(id))
		.sort((a, b) => a.usedAt - b.usedAt);
	if (oldest === undefined) return undefined;
	await segments.removeAll(oldest.id);
	return oldest.id;
}
