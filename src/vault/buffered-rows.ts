import { createMutex } from '../core/async/mutex.ts';
import { MediaError } from '../core/errors.ts';
import type { ChatRows, ChatWrite } from './chat-rows.ts';

/** Relaxed writes that are held in memory and go to the disk many at a time. */
export interface WriteBuffer {
	/** From now on relaxed writes stay in memory until `flush`. Call the returned function to end that. */
	hold(): () => void;
	/**
	 * Writes what is in memory. If the disk is full, as much as fits is written, and the rest stays. Throws MediaError
	 * `storage-full` or `storage-unavailable`, or RowsTaken.
	 */
	flush(): Promise<void>;
	/**
	 * Calls `work` once all earlier writes are on the disk; at once if none wait. The same function given several times is called
	 * once for each flush, after the others. It must not throw.
	 */
	whenWritten(work: () => void): void;
	/** Reads rows in one transaction and keeps the answers for `get` and `has` until the next call, also for missing rows. */
	prefetch(keys: readonly string[]): Promise<void>;
}

/** One call of `write`, and what follows once it is on the disk. */
interface BufferedWrite {
	changes: readonly ChatWrite[];
	readonly callbacks: (() => void)[];
}

/**
 * Rows whose relaxed writes may be held in memory. Reads see them at once. They go to the disk in the order in which they were
 * asked for, and a strict write, even an empty one, takes along all that was asked for before it. So after a crash the disk has the first of
 * them: the last ones may be missing, never one before another, as with any relaxed write after a power cut. For one reader
 * and writer, see `cachedRows`. `batch` wraps the callbacks of one flush.
 */
export function bufferedRows(
	rows: ChatRows,
	batch: (work: () => void) => void = (work) => work(),
): ChatRows & WriteBuffer {
	/** in their order; the first ones may be on their way to the disk */
	let buffered: BufferedWrite[] = [];
	/** the last of them that changes a row, and to what */
	const latest = new Map<string, { readonly write: BufferedWrite; readonly value: unknown }>();
	/** rows as they are on the disk; undefined for missing ones */
	let prefetched = new Map<string, unknown>();
	/** Goes up when a change begins and when it ends: a read that overlaps one may have the old value, and is not kept. */
	let version = 0;
	let holders = 0;
	const inTurn = createMutex();

	function take(changes: readonly ChatWrite[]): void {
		const write = { changes, callbacks: [] };
		version += 1;
		buffered.push(write);
		for (const { key, value } of changes) {
			latest.set(key, { write, value });
			prefetched.delete(key);
		}
	}

	/** The first ones are on the disk. */
	function written(count: number): void {
		version += 1;
		const done = buffered.slice(0, count);
		buffered = buffered.slice(count);
		for (const write of done)
			for (const { key } of write.changes) if (latest.get(key)?.write === write) latest.delete(key);
		const callbacks = new Set<() => void>();
		for (const callback of done.flatMap((write) => write.callbacks)) {
			callbacks.delete(callback);
			callbacks.add(callback);
		}
		batch(() => {
			for (const callback of callbacks) callback();
		});
	}

	/** Writes those that there are now. To be called in turn. */
	async function writeBuffered(): Promise<void> {
		let left = buffered.length;
		let count = left;
		while (left > 0) {
			count = Math.min(count, left);
			try {
				await rows.write(lastOfEach(buffered.slice(0, count)), 'relaxed');
			} catch (thrown) {
				const isTooMuch = thrown instanceof MediaError && thrown.code === 'storage-full';
				if (!isTooMuch || count === 1) throw thrown;
				count = Math.ceil(count / 2);
				continue;
			}
			written(count);
			left -= count;
		}
	}

	/** Does what changes rows on the disk. What is read of them meanwhile may be what was there before. */
	async function changing(
		work: () => Promise<void>,
		isChanged: (key: string) => boolean,
	): Promise<void> {
		version += 1;
		try {
			await work();
		} finally {
			version += 1;
			for (const key of [...prefetched.keys()]) if (isChanged(key)) prefetched.delete(key);
		}
	}

	/** What is known of a row without looking on the disk; undefined if nothing is. */
	function atHand(key: string): { readonly value: unknown } | undefined {
		const change = latest.get(key);
		if (change !== undefined) return change;
		return prefetched.has(key) ? { value: prefetched.get(key) } : undefined;
	}

	return {
		...rows,
		hold() {
			holders += 1;
			return () => {
				holders -= 1;
				if (holders > 0) return;
				prefetched = new Map();
				// What came since the last flush must not wait for another; what there is no room for goes with the next write.
				inTurn(writeBuffered).catch(() => undefined);
			};
		},
		flush: () => inTurn(writeBuffered),
		whenWritten(work) {
			const last = buffered.at(-1);
			if (last === undefined) work();
			else last.callbacks.push(work);
		},
		async prefetch(keys) {
			const wanted = [...new Set(keys)].filter((key) => !latest.has(key));
			const before = version;
			const values = await rows.getMany(wanted);
			prefetched = new Map(before === version ? wanted.map((key, at) => [key, values[at]]) : []);
		},
		async get(key) {
			const known = atHand(key);
			return known === undefined ? rows.get(key) : known.value;
		},
		async getMany(keys) {
			// As it is now: what is in memory may reach the disk while that is read.
			const known = keys.map(atHand);
			const found = await rows.getMany(keys);
			return known.map((one, at) => (one === undefined ? found[at] : one.value));
		},
		async has(keys) {
			const known = keys.map(atHand);
			const unknown = keys.filter((_, at) => known[at] === undefined);
			const before = version;
			const found = unknown.length === 0 ? [] : await rows.has(unknown);
			const missing = new Set(unknown.filter((_, at) => found[at] !== true));
			// The next message looks for the same ones again.
			if (holders > 0 && before === version)
				for (const key of missing) prefetched.set(key, undefined);
			return keys.map((key, at) => {
				const one = known[at];
				return one === undefined ? !missing.has(key) : one.value !== undefined;
			});
		},
		async page(prefix, options) {
			const { before, after = prefix, limit } = options;
			const changed = [...latest].filter(
				([key]) => key.startsWith(prefix) && key > after && (before === undefined || key < before),
			);
			if (changed.length === 0) return rows.page(prefix, options);
			// As many of those on the disk may be removed in memory.
			const found = await rows.page(prefix, { ...options, limit: limit + changed.length });
			const values = new Map(found.map(({ key, value }) => [key, value]));
			for (const [key, { value }] of changed) values.set(key, value);
			const all = [...values]
				.map(([key, value]) => ({ key, value }))
				.filter(({ value }) => value !== undefined)
				.sort((a, b) => (a.key < b.key ? -1 : 1));
			return options.after === undefined ? all.slice(-limit) : all.slice(0, limit);
		},
		async write(changes, durability) {
			if (holders > 0 && durability === 'relaxed') return take(changes);
			await inTurn(async () => {
				await writeBuffered();
				if (changes.length === 0) return;
				const keys = new Set(changes.map(({ key }) => key));
				await changing(
					() => rows.write(changes, durability),
					(key) => keys.has(key),
				);
			});
		},
		removeAll: (prefix) =>
			inTurn(async () => {
				const isUnder = (key: string) => key.startsWith(prefix);
				// It makes room: what waits for that does not stand in its way.
				const before = buffered.slice();
				await changing(() => rows.removeAll(prefix), isUnder);
				for (const write of before) {
					for (const { key } of write.changes)
						if (isUnder(key) && latest.get(key)?.write === write) latest.delete(key);
					write.changes = write.changes.filter(({ key }) => !isUnder(key));
				}
			}),
	};
}

/** Of several changes of one row the last. */
function lastOfEach(writes: readonly BufferedWrite[]): ChatWrite[] {
	const changes = writes.flatMap((write) => write.changes);
	return [...new Map(changes.map((change) => [change.key, change])).values()];
}
