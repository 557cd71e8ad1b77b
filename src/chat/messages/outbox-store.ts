import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import { accountPrefix, END, MAX_ROWS } from '../model/account-rows.ts';
import { fieldsOfRow, type MessageRow, rowOf } from './message-row.ts';
import type { OutboxEntry } from './outbox-entry.ts';

type OutboxRow = Omit<OutboxEntry, 'before'> & { readonly before?: MessageRow };

/** What waits to be sent, or to be acknowledged. */
export interface OutboxStore {
	/** What waits, oldest first. */
	all(): Promise<OutboxEntry[]>;
	get(key: string): Promise<OutboxEntry | undefined>;
	put(entry: OutboxEntry): Promise<ChatWrite>;
	remove(key: string): ChatWrite;
}

export function createOutboxStore(rows: ChatRows, account: string): OutboxStore {
	const prefix = accountPrefix(account);
	const read = ({ before, ...rest }: OutboxRow): OutboxEntry =>
		before === undefined ? rest : { ...rest, before: fieldsOfRow(before, account) };
	return {
		async all() {
			const found = await rows.page(prefix('outbox'), { limit: MAX_ROWS });
			return found
				.map(({ value }) => read(value as OutboxRow))
				.sort((a, b) => (stampOf(a) < stampOf(b) ? -1 : 1));
		},
		async get(key) {
			const row = (await rows.get(prefix('outbox', key))) as OutboxRow | undefined;
			return row && read(row);
		},
		put(entry) {
			const { before, ...rest } = entry;
			const row: OutboxRow = before === undefined ? rest : { ...rest, before: rowOf(before) };
			return rows.put(prefix('outbox', entry.key), row);
		},
		remove: (key) => rows.remove(prefix('outbox', key)),
	};
}

/** Places of all conversations sort by their time. */
function stampOf({ key }: OutboxEntry): string {
	return key.slice(key.lastIndexOf(END));
}
