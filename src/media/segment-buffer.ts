import type { Bytes } from '../core/bytes.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import { evicting, evictOldest } from '../vault/evict.ts';
import { createMemorySegments } from '../vault/memory-segments.ts';
import type { WorkerVault } from '../vault/worker-vault.ts';
import type { Limits } from './limits.ts';

/** Segments on their way to the cache at once. */
const STORING = 4;

/** Segments that make room for the ledger where they have filled the quota. */
const ROOM = 16;

/** One item's whole segments: on their way to the cache, in it, or in memory where it is full. */
export interface SegmentBuffer {
	/** Finds out what an earlier worker kept. */
	load(): Promise<void>;
	has(index: number): boolean;
	/** `trusted`: has not left this memory since it was counted */
	get(index: number): Promise<{ bytes: Bytes; trusted: boolean } | undefined>;
	/** Keeps a segment if there is room; waits only while many are on their way. */
	put(index: number, bytes: Bytes): Promise<void>;
	/** Waits until all that was put is kept, or could not be. */
	settle(): Promise<void>;
	/** Throws MediaError `storage-full` or `storage-unavailable` if something could not be kept since the last look. */
	check(): void;
	remove(index: number): Promise<void>;
	/**
	 * Frees some of the quota: another item's segments, or else a few of this one's, or `all` of them; false if there
	 * are none.
	 */
	makeRoom(all: boolean): Promise<boolean>;
	clear(): Promise<void>;
}

export function makeSegmentBuffer({
	id,
	vault,
	limits,
}: {
	id: string;
	vault: Pick<WorkerVault, 'media' | 'segments'>;
	limits: Limits;
}): SegmentBuffer {
	const kept = new Set<number>();
	const storing = new Map<number, { bytes: Bytes; done: Promise<void> }>();
	const overflow = createMemorySegments(limits.overflow);
	let lost: MediaError | undefined;

	async function store(index: number, bytes: Bytes): Promise<void> {
		try {
			await evicting(vault, id, () => vault.segments.put(id, index, bytes));
			kept.add(index);
		} catch {
			await overflow.put(id, index, bytes);
		}
	}

	return {
		async load() {
			for (const index of await vault.segments.list(id, limits.segment)) kept.add(index);
		},
		has: (index) => kept.has(index) || storing.has(index),
		async get(index) {
			const bytes = storing.get(index)?.bytes ?? (await overflow.get(id, index));
			if (bytes !== undefined) return { bytes, trusted: true };
			if (!kept.has(index)) return undefined;
			const stored = await vault.segments.get(id, index, limits.segment);
			if (stored === undefined) kept.delete(index);
			return stored && { bytes: stored, trusted: false };
		},
		async put(index, bytes) {
			if (kept.has(index) || storing.has(index)) return;
			const done = store(index, bytes)
				.catch((thrown: unknown) => {
					lost = asMediaError(thrown);
				})
				.finally(() => storing.delete(index));
			storing.set(index, { bytes, done });
			if (storing.size >= STORING)
				await Promise.race([...storing.values()].map((entry) => entry.done));
		},
		async settle() {
			await Promise.all([...storing.values()].map((entry) => entry.done));
		},
		check() {
			const failure = lost;
			lost = undefined;
			if (failure !== undefined) throw new MediaError(failure.code, { cause: failure });
		},
		async remove(index) {
			kept.delete(index);
			await vault.segments.remove(id, index);
		},
		async makeRoom(all) {
			if ((await evictOldest(vault, new Set([id]))) !== undefined) return true;
			const last = all ? [...kept] : [...kept].slice(-ROOM);
			for (const index of last) kept.delete(index);
			if (all) await vault.segments.removeAll(id);
			else await Promise.all(last.map((index) => vault.segments.remove(id, index)));
			return last.length > 0;
		},
		async clear() {
			kept.clear();
			await Promise.all([...storing.values()].map((entry) => entry.done));
			await Promise.all([overflow.removeAll(id), vault.segments.removeAll(id)]);
			kept.clear();
		},
	};
}
