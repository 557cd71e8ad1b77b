import { packJson, unpackJson } from '../core/packed-json.ts';
import type { SealedText } from './media-record.ts';
import type { OriginKey } from './origin-key.ts';
import type { Durability, PageOptions, Row, Table } from './table.ts';

/** One change of the messenger's rows; made by `put` and `remove`, done by `write`. */
export type ChatWrite = Row<SealedText | undefined>;

/**
 * Rows of the messenger: plain values by string keys, sealed with the origin key and bound to their key. Values are
 * sealed before a transaction begins and opened after it has ended, because WebCrypto would end it.
 */
export interface ChatRows {
	/** undefined, too, for what cannot be opened any more */
	get(key: string): Promise<unknown>;
	/** Which of these keys there are; nothing is opened. */
	has(keys: readonly string[]): Promise<boolean[]>;
	page(prefix: string, options: PageOptions): Promise<Row<unknown>[]>;
	/** Seals a value for `write`. */
	put(key: string, value: unknown): Promise<ChatWrite>;
	remove(key: string): ChatWrite;
	/** All of it or nothing, see Table. Throws MediaError `storage-full` or `storage-unavailable`. */
	write(changes: readonly ChatWrite[], durability?: Durability): Promise<void>;
	removeAll(prefix: string): Promise<void>;
}

export function createChatRows(
	table: Table<SealedText>,
	originKey: () => Promise<OriginKey>,
): ChatRows {
	async function open(key: string, sealed: SealedText | undefined): Promise<unknown> {
		if (sealed === undefined) return undefined;
		const origin = await originKey();
		try {
			return unpackJson(await origin.openBytes(key, sealed));
		} catch {
			return undefined;
		}
	}
	return {
		get: async (key) => open(key, await table.get(key)),
		has: (keys) => table.has(keys),
		async page(prefix, options) {
			const rows = await table.page(prefix, options);
			const values = await Promise.all(rows.map(({ key, value }) => open(key, value)));
			return rows
				.map(({ key }, index) => ({ key, value: values[index] }))
				.filter(({ value }) => value !== undefined);
		},
		async put(key, value) {
			return { key, value: await (await originKey()).sealBytes(key, packJson(value)) };
		},
		remove: (key) => ({ key, value: undefined }),
		write: (changes, durability) => table.write(changes, durability),
		removeAll: (prefix) => table.removeAll(prefix),
	};
}
