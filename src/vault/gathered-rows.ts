import { createMutex } from '../core/async/mutex.ts';
import { MediaError } from '../core/errors.ts';
import type { ChatRows, ChatWrite } from './chat-rows.ts';

/** Relaxed writes that are kept in memory and go to the disk many at a time. */
export interface Gathering {
	/** Relaxed writes are gathered from now on, until what it returns is called; those that were are for `commit`. */
	gather(): () => void;
	/**
	 * Writes what was gathered. What is too much for the disk is written as far as there is room, and the rest stays gathered.
	 * Throws MediaError `storage-full` or `storage-unavailable`.
	 */
	commit(): Promise<void>;
	/**
	 * Does something once all that was written before is on the disk; at once if it is. The same work that is asked for by several
	 * writes is done after the last of those that go together. It must not throw.
	 */
	whenWritten(work: () => void): void;
	/**
	 * Reads these rows in one transaction, so that `get` and `has` find them at hand until the next call; those that are not
	 * there, too.
	 */
	readAhead(keys: readonly string[]): Promise<void>;
}

/** Writes that belong together. */
interface Unit {
	changes: readonly ChatWrite[];
	readonly works: (() => void)[];
}

/**
 * Rows whose relaxed writes may be gathered. What is read sees them at once; they go to the disk in the order in which they
 * were asked for, and whatever is written strictly takes along all that was asked for before it. So a crash undoes the last
 * of them and never one before another, as a power cut does with any relaxed write. For one reader and writer, see
 * `cachedRows`. `together` wraps what is done once several are on the disk.
 */
export function gatheredRows(
	rows: ChatRows,
	together: (work: () => void) => void = (work) => work(),
): ChatRows & Gathering {
	/** in their order; the first ones may be on their way to the disk */
	let units: Unit[] = [];
	/** the last unit that changes a row, and to what */
	const latest = new Map<string, { readonly unit: Unit; readonly value: unknown }>();
	/** rows as they are on the disk; undefined for those that are not there */
	let ahead = new Map<string, unknown>();
	/** counts changes as they begin and end: what was read meanwhile may be what was there before */
	let changes = 0;
	/** those who gather */
	let gatherers = 0;
	const inTurn = createMutex();

	function take(unit: Unit): void {
		changes += 1;
		units.push(unit);
		for (const { key, value } of unit.changes) {
			latest.set(key, { unit, value });
			ahead.delete(key);
		}
	}

	/** The first units are on the disk. */
	function written(count: number): void {
		changes += 1;
		const done = units.slice(0, count);
		units = units.slice(count);
		for (const unit of done)
			for (const { key } of unit.changes) if (latest.get(key)?.unit === unit) latest.delete(key);
		const works = new Set<() => void>();
		for (const work of done.flatMap((unit) => unit.works)) {
			works.delete(work);
			works.add(work);
		}
		together(() => {
			for (const work of works) work();
		});
	}

	/** Those that there are now. To be called in turn. */
	async function writeUnits(): Promise<void> {
		let left = units.length;
		let count = left;
		while (left > 0) {
			count = Math.min(count, left);
			try {
				await rows.write(lastOfEach(units.slice(0, count)), 'relaxed');
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

	return {
		...rows,
		gather() {
			gatherers += 1;
			return () => {
				gatherers -= 1;
				if (gatherers > 0) return;
				ahead = new Map();
				// What came since the last commit must not wait for another. What there is no room for goes with the next write.
				inTurn(writeUnits).catch(() => undefined);
			};
		},
		commit: () => inTurn(writeUnits),
		whenWritten(work) {
			const last = units.at(-1);
			if (last === undefined) work();
			else last.works.push(work);
		},
		async readAhead(keys) {
			const wanted = [...new Set(keys)].filter((key) => !latest.has(key));
			const before = changes;
			const values = await rows.getMany(wanted);
			ahead = new Map(before === changes ? wanted.map((key, at) => [key, values[at]]) : []);
		},
		async get(key) {
			const change = latest.get(key);
			if (change !== undefined) return change.value;
			return ahead.has(key) ? ahead.get(key) : rows.get(key);
		},
		async getMany(keys) {
			// As it is now: what is gathered may reach the disk while that is read.
			const gathered = keys.map((key) => latest.get(key));
			const found = await rows.getMany(keys);
			return gathered.map((change, at) => (change === undefined ? found[at] : change.value));
		},
		async has(keys) {
			const isThere = keys.map((key) => {
				const change = latest.get(key);
				if (change !== undefined) return change.value !== undefined;
				return ahead.has(key) ? ahead.get(key) !== undefined : undefined;
			});
			const unknown = keys.filter((_, at) => isThere[at] === undefined);
			if (unknown.length === 0) return isThere.map((is) => is === true);
			const before = changes;
			const found = await rows.has(unknown);
			// One that is missing is looked for again with every message.
			if (gatherers > 0 && before === changes)
				for (const [at, key] of unknown.entries()) if (!found[at]) ahead.set(key, undefined);
			const had = new Set(unknown.filter((_, at) => found[at]));
			return keys.map((key, at) => isThere[at] ?? had.has(key));
		},
		async page(prefix, options) {
			const { before, after = prefix, limit } = options;
			const changed = [...latest].filter(
				([key]) => key.startsWith(prefix) && key > after && (before === undefined || key < before),
			);
			if (changed.length === 0) return rows.page(prefix, options);
			// Some of those on the disk may be gone.
			const found = await rows.page(prefix, { ...options, limit: limit + changed.length });
			const values = new Map(found.map(({ key, value }) => [key, value]));
			for (const [key, { value }] of changed) values.set(key, value);
			const all = [...values]
				.map(([key, value]) => ({ key, value }))
				.filter(({ value }) => value !== undefined)
				.sort((a, b) => (a.key < b.key ? -1 : 1));
			return options.after === undefined ? all.slice(-limit) : all.slice(0, limit);
		},
		async write(asked, durability) {
			if (gatherers > 0 && durability === 'relaxed') return take({ changes: asked, works: [] });
			await inTurn(async () => {
				await writeUnits();
				if (asked.length === 0) return;
				changes += 1;
				for (const { key } of asked) ahead.delete(key);
				await rows.write(asked, durability);
				changes += 1;
			});
		},
		removeAll: (prefix) =>
			inTurn(async () => {
				changes += 1;
				// It makes room: what waits for that must not stand in its way.
				for (const unit of units)
					unit.changes = unit.changes.filter(({ key }) => !key.startsWith(prefix));
				for (const known of [latest, ahead])
					for (const key of [...known.keys()]) if (key.startsWith(prefix)) known.delete(key);
				await rows.removeAll(prefix);
				changes += 1;
			}),
	};
}

/** Of several changes of one row the last. */
function lastOfEach(units: readonly Unit[]): ChatWrite[] {
	const changes = units.flatMap((unit) => unit.changes);
	return [...new Map(changes.map((change) => [change.key, change])).values()];
}
