import type { Bytes } from '../core/bytes.ts';
import { MediaError } from '../core/errors.ts';
import { storageError } from './database.ts';

/** Ciphertext of whole segments. What it returns is hostile until it has been hashed. */
export interface SegmentStore {
	get(id: string, index: number): Promise<Bytes | undefined>;
	/** The same without reading it into memory, where the browser can. */
	blob(id: string, index: number): Promise<Blob | undefined>;
	/** Which segments of an item are here. */
	list(id: string): Promise<number[]>;
	/** Throws MediaError `storage-full` or `storage-unavailable`. */
	put(id: string, index: number, bytes: Bytes): Promise<void>;
	remove(id: string, index: number): Promise<void>;
	/** All segments of one item. */
	removeAll(id: string): Promise<void>;
	/** The items that have segments here. */
	items(): Promise<string[]>;
	/** Every item's. */
	clear(): Promise<void>;
}

/** Bytes that a segment is counted as; most have them. */
const SEGMENT = 256 * 1024;
const PREFIX = 'balcony-media-';

/**
 * Segments in the Cache API: one cache an item, so that an item goes in one call. What goes beyond `limit` bytes finds
 * `storage-full`, even if the browser would take it: with a full quota it refuses the ledger's rows, too, and WebKit
 * goes on refusing them after segments have been removed.
 */
export function createSegmentCache(
	storage: CacheStorage,
	limit: () => Promise<number>,
): SegmentStore {
	/** bytes in all caches; counted at the first write, and roughly right if another tab writes, too */
	let held: number | undefined;
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
	const keyOf = (index: number) => `/segments/${index}`;
	const items = async () => {
		const names = await storage.keys();
		return names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
	};
	const count = async () => {
		let segments = 0;
		for (const id of await items()) segments += (await (await cacheOf(id)).keys()).length;
		return segments * SEGMENT;
	};
	return {
		async get(id, index) {
			try {
				const response = await (await cacheOf(id)).match(keyOf(index));
				return response && new Uint8Array(await response.arrayBuffer());
			} catch {
				return undefined;
			}
		},
		async blob(id, index) {
			return (await (await cacheOf(id)).match(keyOf(index)))?.blob();
		},
		async list(id) {
			try {
				const requests = await (await cacheOf(id)).keys();
				return requests.map((request) => Number(request.url.split('/').at(-1)));
			} catch {
				return [];
			}
		},
		async put(id, index, bytes) {
			const most = await limit();
			const counted = held ?? (await count());
			held ??= counted;
			if (held + bytes.length > most) throw new MediaError('storage-full');
			held += bytes.length;
			try {
				// The Cache API keeps no 206, so each segment is a response of its own.
				await (await cacheOf(id)).put(keyOf(index), new Response(bytes));
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
			await (await cacheOf(id)).delete(keyOf(index)).catch(() => false);
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

/** Segments in memory, at most `limit` bytes in all: where the Cache API refuses. Throws MediaError `storage-full` beyond. */
export function createMemorySegments(limit: number): SegmentStore {
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
