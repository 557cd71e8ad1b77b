import type { Bytes } from '../core/bytes.ts';
import { MediaError } from '../core/errors.ts';
import type { Segments } from './segment-store.ts';

/** Segments in memory, at most `limit` bytes in all: where the Cache API refuses. Throws MediaError `storage-full` beyond. */
export function createMemorySegments(limit: number): Segments {
	const segments = new Map<string, Bytes>();
	let held = 0;
	const drop = (key: string) => {
		held -= segments.get(key)?.length ?? 0;
		segments.delete(key);
	};
	return {
		get: async (id, index) => segments.get(`${id}/${index}`),
		async blob(id, index) {
			const bytes = segments.get(`${id}/${index}`);
			return bytes && new Blob([bytes]);
		},
		list: async (id) =>
			[...segments.keys()]
				.filter((key) => key.startsWith(`${id}/`))
				.map((key) => Number(key.split('/')[1])),
		async put(id, index, bytes) {
			const key = `${id}/${index}`;
			drop(key);
			if (held + bytes.length > limit) throw new MediaError('storage-full');
			held += bytes.length;
			segments.set(key, bytes);
		},
		remove: async (id, index) => drop(`${id}/${index}`),
		async removeAll(id) {
			for (const key of [...segments.keys()]) if (key.startsWith(`${id}/`)) drop(key);
		},
		items: async () => [...new Set([...segments.keys()].map((key) => key.split('/')[0] ?? ''))],
		async clear() {
			segments.clear();
			held = 0;
		},
	};
}
