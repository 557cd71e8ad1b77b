import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { packJson, unpackJson } from '../../src/core/packed-json.ts';
import { type ChatRows, createChatRows } from '../../src/vault/chat-rows.ts';
import type { SealedText } from '../../src/vault/media-record.ts';
import type { OriginKey } from '../../src/vault/origin-key.ts';
import { createMemoryTable, type Row } from '../../src/vault/table.ts';

const ALL = { limit: Number.MAX_SAFE_INTEGER };

/** Nothing of a demo is secret, and Node has no place for a key that cannot be read. */
const OPEN: OriginKey = {
	seal: async (_, text) => ({ iv: new Uint8Array(), bytes: new TextEncoder().encode(text) }),
	open: async (_, { bytes }) => new TextDecoder().decode(bytes),
	sealBytes: async (_, bytes) => ({ iv: new Uint8Array(), bytes }),
	openBytes: async (_, { bytes }) => bytes,
};

/** Rows that stay in a file: a device that is made anew at each start would fill the list of its account. */
export async function openKeptRows(file: string): Promise<ChatRows> {
	const table = createMemoryTable<SealedText>();
	if (existsSync(file)) await table.write(unpackJson(readFileSync(file)) as Row<SealedText>[]);
	const rows = createChatRows(table, async () => OPEN);
	const save = async () => {
		writeFileSync(`${file}.new`, packJson(await table.page('', ALL)));
		renameSync(`${file}.new`, file);
	};
	return {
		...rows,
		async write(changes, durability) {
			await rows.write(changes, durability);
			await save();
		},
		async removeAll(prefix) {
			await rows.removeAll(prefix);
			await save();
		},
	};
}
