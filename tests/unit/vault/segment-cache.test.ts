import { describe, expect, it } from 'vitest';
import { createSegmentCache } from '../../../src/vault/segment-cache.ts';
import { SEGMENT_LENGTH } from '../../../src/vault/segment-store.ts';

const SEGMENT = SEGMENT_LENGTH;
const bytes = () => new Uint8Array(SEGMENT);

/** As much of the Cache API as segments need; the real one is under the end-to-end specs. */
function memoryCaches(): CacheStorage {
	const caches = new Map<string, Map<string, Response>>();
	return {
		keys: async () => [...caches.keys()],
		has: async (name: string) => caches.has(name),
		delete: async (name: string) => caches.delete(name),
		async open(name: string) {
			const rows = caches.get(name) ?? new Map<string, Response>();
			caches.set(name, rows);
			return {
				match: async (key: string) => rows.get(key)?.clone(),
				keys: async () => [...rows.keys()].map((url) => ({ url })),
				put: async (key: string, response: Response) => void rows.set(key, response),
				delete: async (key: string) => rows.delete(key),
			};
		},
	} as unknown as CacheStorage;
}

describe('the cache of segments', () => {
	it('takes no more than its limit, over all items, and again when some are gone', async () => {
		const storage = memoryCaches();
		const cache = createSegmentCache(storage, async () => 5 * SEGMENT);
		await Promise.all([0, 1, 2].map((index) => cache.put('a', index, bytes())));
		await cache.put('b', 0, bytes());
		await cache.put('b', 1, bytes());
		await expect(cache.put('b', 2, bytes())).rejects.toMatchObject({ code: 'storage-full' });
		expect(await cache.list('b')).toEqual([0, 1]);
		await cache.remove('a', 1);
		await cache.put('b', 2, bytes());
		await expect(cache.put('b', 3, bytes())).rejects.toMatchObject({ code: 'storage-full' });
		await cache.removeAll('a');
		await cache.put('b', 3, bytes());
		expect((await cache.list('b')).length).toBe(4);
	});

	it('counts what an earlier worker has kept', async () => {
		const storage = memoryCaches();
		const limit = async () => 2 * SEGMENT;
		const earlier = createSegmentCache(storage, limit);
		await earlier.put('a', 0, bytes());
		await earlier.put('a', 1, bytes());
		const later = createSegmentCache(storage, limit);
		await expect(later.put('b', 0, bytes())).rejects.toMatchObject({ code: 'storage-full' });
	});
});
