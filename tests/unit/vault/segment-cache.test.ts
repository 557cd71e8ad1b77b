import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSegmentCache } from '../../../src/vault/segment-cache.ts';
import { SEGMENT_LENGTH } from '../../../src/vault/segment-store.ts';

const SEGMENT = SEGMENT_LENGTH;
const bytes = () => new Uint8Array(SEGMENT);

/** As much of the Cache API as segments need; the real one is under the end-to-end specs. */
function memoryCaches(): CacheStorage {
	const caches = new Map<string, Map<string, { request: Request; response: Response }>>();
	return {
		keys: async () => [...caches.keys()],
		has: async (name: string) => caches.has(name),
		delete: async (name: string) => caches.delete(name),
		async open(name: string) {
			const rows = caches.get(name) ?? new Map<string, { request: Request; response: Response }>();
			caches.set(name, rows);
			return {
				match: async (key: string) => rows.get(key)?.response.clone(),
				keys: async () => [...rows.values()].map(({ request }) => request),
				put: async (request: Request, response: Response) =>
					void rows.set(request.url, { request, response }),
				delete: async (key: string) => rows.delete(key),
			};
		},
	} as unknown as CacheStorage;
}

/** Node's own takes no address that is relative. */
class RelativeRequest {
	readonly url: string;
	readonly headers: Headers;
	constructor(url: string, { headers }: RequestInit = {}) {
		this.url = url;
		this.headers = new Headers(headers);
	}
}
beforeEach(() => void vi.stubGlobal('Request', RelativeRequest));
afterEach(() => void vi.unstubAllGlobals());

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

	it('counts the bytes of segments, however long they are, and those of before as they were', async () => {
		const storage = memoryCaches();
		const limit = async () => 2 * SEGMENT;
		const earlier = createSegmentCache(storage, limit);
		for (let index = 0; index < 4; index++)
			await earlier.put('a', index, new Uint8Array(SEGMENT / 4));
		const later = createSegmentCache(storage, limit);
		await later.put('b', 0, bytes());
		await expect(later.put('b', 1, new Uint8Array(1))).rejects.toMatchObject({
			code: 'storage-full',
		});
		const old = memoryCaches();
		const cache = await old.open('balcony-media-a');
		for (const url of ['/segments/0', '/segments/1'])
			await cache.put(new RelativeRequest(url) as unknown as Request, new Response(bytes()));
		await expect(
			createSegmentCache(old, limit).put('b', 0, new Uint8Array(1)),
		).rejects.toMatchObject({ code: 'storage-full' });
	});
});
