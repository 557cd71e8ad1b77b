import type { Bytes } from '../core/bytes.ts';
import { asMediaError } from '../core/errors.ts';
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
		// What is nowhere else stays.
		.filter(({ id, url }) => held.includes(id) && !keep.has(id) && url !== '')
		.sort((a, b) => a.usedAt - b.usedAt);
	if (oldest === undefined) return undefined;
	await segments.removeAll(oldest.id);
	return oldest.id;
}

/** Keeps a segment, at the cost of other items' where there is no room. Throws MediaError as SegmentStore does. */
export async function putEvicting(
	vault: { media: MediaRecords; segments: SegmentStore },
	id: string,
	index: number,
	bytes: Bytes,
): Promise<void> {
	const busy = new Set([id]);
	for (;;) {
		try {
			return await vault.segments.put(id, index, bytes);
		} catch (thrown) {
			if (asMediaError(thrown).code !== 'storage-full') throw thrown;
			const evicted = await evictOldest(vault, busy);
			if (evicted === undefined) throw thrown;
			busy.add(evicted);
		}
	}
}
