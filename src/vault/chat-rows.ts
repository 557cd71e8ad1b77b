import { packJson, unpackJson } from '../core/packed-json.ts';
import type { SealedText } from './media-record.ts';
import type { OriginKey } from './origin-key.ts';
import type { Durability, PageOptions, Row, Table } from './table.ts';

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
	 * All of it or nothing, see Table; in the order of the calls, whatever is sealed sooner. Throws MediaError `storage-full` or
	 * `storage-unavailable`.
	 */
	write(changes: readonly ChatWrite[], durability?: Durability): Promise<void>;
	removeAll(prefix: string): Promise<void>;
}

export function createChatRows(
	table: Table<SealedText>,
	originKey: () => Promise<OriginKey>,
): ChatRows {
	/** every write that was asked for has begun its transaction, or has failed */
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
		async write(changes, durability) {
			const sealing = seal(changes);
			const before = begun;
			const beginning = sealing.then(async (rows) => {
				await before;
				return { written: table.write(rows, durability) };
			});
			begun = beginning.catch(() => undefined);
			await (await beginning).written;
		},
		async removeAll(prefix) {
			await begun;
			await table.removeAll(prefix);
		},
	};
}
