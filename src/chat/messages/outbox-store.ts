import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import { accountPrefix, END, MAX_ROWS } from '../model/account-rows.ts';
import { withoutMeaning } from './interpret.ts';
import type { OutboxEntry } from './outbox-entry.ts';

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
	return {
		async all() {
			const found = await rows.page(prefix('outbox'), { limit: MAX_ROWS });
			return found
				.map(({ value }) => value as OutboxEntry)
				.sort((a, b) => (stampOf(a) < stampOf(b) ? -1 : 1));
		},
		get: async (key) => (await rows.get(prefix('outbox', key))) as OutboxEntry | undefined,
		put(entry) {
			const { before, ...rest } = entry;
			const kept = before === undefined ? rest : { ...rest, before: withoutMeaning(before) };
			return rows.put(prefix('outbox', entry.key), kept);
		},
		remove: (key) => rows.remove(prefix('outbox', key)),
	};
}

/** Places of all conversations sort by their time. */
function stampOf({ key }: OutboxEntry): string {
	return key.slice(key.lastIndexOf(END));
}
