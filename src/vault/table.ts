/** Rows of one kind by string keys. Every call is one transaction. */
export interface Table<T> {
	get(key: string): Promise<T | undefined>;
	/** The rows of these keys, in one transaction. */
	getMany(keys: readonly string[]): Promise<(T | undefined)[]>;
	/** Which of these keys there are; in one go. */
	has(keys: readonly string[]): Promise<boolean[]>;
	/** All rows whose key begins with `prefix`, in the order of the keys. */
	all(prefix?: string): Promise<T[]>;
	/** The keys alone of all rows, in their order. */
	keys(): Promise<string[]>;
	/**
	 * Reads, changes and writes in one transaction; `change` returns undefined to delete, and may throw to
	 * leave all as it was. Resolves to what was there before.
	 */
	update(key: string, change: (before: T | undefined) => T | undefined): Promise<T | undefined>;
	/** The same for every row whose key begins with `prefix`, all in one transaction. */
	updateAll(prefix: string, change: (before: T) => T | undefined): Promise<void>;
	/** Removes all rows whose key begins with `prefix`. */
	removeAll(prefix?: string): Promise<void>;
	/** Up to `limit` rows whose key begins with `prefix`: the last ones, or the last ones before a key, or the first after. */
	page(prefix: string, options: PageOptions): Promise<Row<T>[]>;
	/**
	 * All of it or nothing, on disk when it resolves; undefined deletes. `relaxed`: a power cut may undo it, together with
	 * all that was written after it, and it is many times as fast. Throws what `guard` throws.
	 */
	write(
		rows: readonly Row<T | undefined>[],
		durability?: Durability,
		guard?: Guard<T>,
	): Promise<void>;
}

/** What has to hold when a write is done; looked at in its transaction. */
export interface Guard<T> {
	readonly key: string;
	/** Throws if the row of that key forbids it. */
	check(row: T | undefined): void;
}

export type Durability = 'strict' | 'relaxed';

export interface Row<T> {
	readonly key: string;
	readonly value: T;
}

/** Keys are exclusive bounds; rows come in the order of their keys. */
export interface PageOptions {
	readonly before?: string;
	readonly after?: string;
	readonly limit: number;
}

/** A table that lives as long as this page or worker: where IndexedDB refuses, and in tests. */
export function createMemoryTable<T>(): Table<T> {
	const rows = new Map<string, T>();
	return {
		get: async (key) => rows.get(key),
		getMany: async (keys) => keys.map((key) => rows.get(key)),
		has: async (keys) => keys.map((key) => rows.has(key)),
		all: async (prefix = '') =>
			[...rows.entries()]
				.filter(([key]) => key.startsWith(prefix))
				.sort(([a], [b]) => (a < b ? -1 : 1))
				.map(([, row]) => row),
		keys: async () => [...rows.keys()].sort(),
		async update(key, change) {
			const before = rows.get(key);
			const after = change(before);
			if (after === undefined) rows.delete(key);
			else rows.set(key, after);
			return before;
		},
		async updateAll(prefix, change) {
			for (const [key, before] of [...rows.entries()].filter(([key]) => key.startsWith(prefix))) {
				const after = change(before);
				if (after === undefined) rows.delete(key);
				else rows.set(key, after);
			}
		},
		async removeAll(prefix = '') {
			for (const key of [...rows.keys()]) if (key.startsWith(prefix)) rows.delete(key);
		},
		async page(prefix, { before, after, limit }) {
			const found = [...rows.entries()]
				.filter(([key]) => key.startsWith(prefix))
				.filter(([key]) => (before === undefined || key < before) && (after ?? '') < key)
				.sort(([a], [b]) => (a < b ? -1 : 1))
				.map(([key, value]) => ({ key, value }));
			return after === undefined ? found.slice(-limit) : found.slice(0, limit);
		},
		async write(changes, _, guard) {
			guard?.check(rows.get(guard.key));
			for (const { key, value } of changes)
				if (value === undefined) rows.delete(key);
				else rows.set(key, value);
		},
	};
}
