import { equalBytes } from '../core/bytes.ts';
import { packJson, unpackJson } from '../core/packed-json.ts';
import type { SealedText } from './media-record.ts';
import type { OriginKey } from './origin-key.ts';
import type { Durability, Guard, PageOptions, Row, Table } from './table.ts';

/** Lets a write be done, or not. */
export type ChatGuard = Guard<SealedText>;

/** Rows that somebody else has claimed meanwhile: what this one knows of them is old. */
export class RowsTaken extends Error {
	override readonly name = 'RowsTaken';
}

/** One change of the messenger's rows; made by `put` and `remove`, done by `write`. Without a value the row is removed. */
export type ChatWrite = Row<unknown>;

/**
 * Rows of the messenger: plain values by string keys, sealed with the origin key and bound to their key. Values are
 * sealed before a transaction begins and opened after it has ended, because WebCrypto would end it. They are shared with
 * whoever reads them, and must not be changed.
 */
export interface ChatRows {
	/** undefined, too, for what cannot be opened any more */
	get(key: string): Promise<unknown>;
	/** The values of several keys, in one transaction. */
	getMany(keys: readonly string[]): Promise<unknown[]>;
	/** Which of these keys there are; nothing is opened. */
	has(keys: readonly string[]): Promise<boolean[]>;
	page(prefix: string, options: PageOptions): Promise<Row<unknown>[]>;
	/** A value for `write`. */
	put(key: string, value: unknown): Promise<ChatWrite>;
	remove(key: string): ChatWrite;
	/**
	 * All of it or nothing, in the order of the calls, and on the disk when it resolves, see Table; but for a relaxed write of
	 * `bufferedRows`, which may still be in memory then. Throws MediaError `storage-full` or `storage-unavailable`.
	 */
	write(changes: readonly ChatWrite[], durability?: Durability, guard?: ChatGuard): Promise<void>;
	/** Writes a row by which `guard` knows its writer: the guard throws as soon as somebody else has written it. */
	claim(key: string): Promise<ChatGuard>;
	removeAll(prefix: string): Promise<void>;
}

export function createChatRows(
	table: Table<SealedText>,
	originKey: () => Promise<OriginKey>,
): ChatRows {
	/** settles when all writes that were asked for have begun their transactions, or have failed */
	let begun: Promise<unknown> = Promise.resolve();

	async function open(key: string, sealed: SealedText | undefined): Promise<unknown> {
		if (sealed === undefined) return undefined;
		const origin = await originKey();
		try {
			return unpackJson(await origin.openBytes(key, sealed));
		} catch {
			return undefined;
		}
	}

	async function seal(changes: readonly ChatWrite[]): Promise<Row<SealedText | undefined>[]> {
		const isRemoval = changes.every(({ value }) => value === undefined);
		const origin = isRemoval ? undefined : await originKey();
		return Promise.all(
			changes.map(async ({ key, value }) => ({
				key,
				value: value === undefined ? undefined : await origin?.sealBytes(key, packJson(value)),
			})),
		);
	}

	async function write(
		changes: readonly ChatWrite[],
		durability?: Durability,
		guard?: ChatGuard,
	): Promise<readonly Row<SealedText | undefined>[]> {
		const sealing = seal(changes);
		const before = begun;
		const beginning = sealing.then(async (rows) => {
			await before;
			return { rows, written: table.write(rows, durability, guard) };
		});
		begun = beginning.catch(() => undefined);
		const { rows, written } = await beginning;
		await written;
		return rows;
	}

	return {
		get: async (key) => open(key, await table.get(key)),
		async getMany(keys) {
			const found = await table.getMany(keys);
			return Promise.all(found.map((sealed, at) => open(keys[at] ?? '', sealed)));
		},
		has: (keys) => table.has(keys),
		async page(prefix, options) {
			const rows = await table.page(prefix, options);
			const values = await Promise.all(rows.map(({ key, value }) => open(key, value)));
			return rows
				.map(({ key }, index) => ({ key, value: values[index] }))
				.filter(({ value }) => value !== undefined);
		},
		put: async (key, value) => ({ key, value }),
		remove: (key) => ({ key, value: undefined }),
		async write(...all) {
			await write(...all);
		},
		async claim(key) {
			const [mine] = await write([{ key, value: true }]);
			return {
				key,
				check(row) {
					// Sealed anew each time, so that no two are alike.
					if (!mine?.value || !row || !equalBytes(row.iv, mine.value.iv)) throw new RowsTaken();
				},
			};
		},
		async removeAll(prefix) {
			await begun;
			await table.removeAll(prefix);
		},
	};
}
