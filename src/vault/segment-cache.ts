import { MediaError } from '../core/errors.ts';
import { storageError } from './database.ts';
import { SEGMENT_LENGTH, type Segments } from './segment-store.ts';

const PREFIX = 'balcony-media-';
/** Tells the bytes of a segment; absent from older ones, which are of SEGMENT_LENGTH. */
const LENGTH = 'x-length';

/**
 * Segments in the Cache API: one cache an item, so that an item goes in one call. What goes beyond `limit` bytes finds
 * `storage-full`, even if the browser would take it: with a full quota it refuses the ledger's rows, too, and WebKit
 * goes on refusing them after segments have been removed.
 */
export function createSegmentCache(storage: CacheStorage, limit: () => Promise<number>): Segments {
	/** bytes in all caches; counted at the first write, and roughly right if another tab writes, too */
	let held: number | undefined;
	/** bytes, as they were when those were counted */
	let most = 0;
	const open = new Map<string, Promise<Cache>>();
	const cacheOf = (id: string): Promise<Cache> => {
		let cache = open.get(id);
		if (cache === undefined) {
			cache = storage.open(PREFIX + id);
			cache.catch(() => open.delete(id));
			open.set(id, cache);
		}
		return cache;
	};
	/** undefined where there is none: to open one makes it */
	const existing = async (id: string): Promise<Cache | undefined> =>
		open.has(id) || (await storage.has(PREFIX + id)) ? cacheOf(id) : undefined;
	const keyOf = (index: number) => `/segments/${index}`;
	const items = async () => {
		const names = await storage.keys();
		return names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
	};
	const count = async () => {
		let bytes = 0;
		for (const id of await items())
			for (const { headers } of await (await cacheOf(id)).keys())
				bytes += Number(headers.get(LENGTH) ?? SEGMENT_LENGTH);
		return bytes;
	};
	return {
		async get(id, index) {
			try {
				const response = await (await existing(id))?.match(keyOf(index));
				return response && new Uint8Array(await response.arrayBuffer());
			} catch {
				return undefined;
			}
		},
		async blob(id, index) {
			return (await (await existing(id))?.match(keyOf(index)))?.blob();
		},
		async list(id) {
			try {
				const requests = (await (await existing(id))?.keys()) ?? [];
				return requests.map((request) => Number(request.url.split('/').at(-1)));
			} catch {
				return [];
			}
		},
		async put(id, index, bytes) {
			if (held === undefined) {
				const [counted, allowed] = await Promise.all([count(), limit()]);
				held ??= counted;
				most = allowed;
			}
			if (held + bytes.length > most) throw new MediaError('storage-full');
			held += bytes.length;
			try {
				// The Cache API keeps no 206, so each segment is a response of its own.
				const request = new Request(keyOf(index), { headers: { [LENGTH]: `${bytes.length}` } });
				await (await cacheOf(id)).put(request, new Response(bytes));
			} catch (thrown) {
				open.delete(id);
				const error = storageError(thrown);
				throw error instanceof MediaError
					? error
					: new MediaError('storage-unavailable', { cause: thrown });
			}
		},
		async remove(id, index) {
			held = undefined;
			await (await existing(id))?.delete(keyOf(index)).catch(() => false);
		},
		async removeAll(id) {
			held = undefined;
			open.delete(id);
			await storage.delete(PREFIX + id).catch(() => false);
		},
		items,
		async clear() {
			held = undefined;
			open.clear();
			for (const id of await items()) await storage.delete(PREFIX + id);
		},
	};
}
