import * as v from 'valibot';
import { fittingParts, rowSchema } from '../../core/row-schema.ts';
import type { DeviceName } from '../../omemo/reach.ts';
import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import { accountPrefix, END, MAX_ROWS } from '../model/account-rows.ts';
import { fieldsOfRow, MESSAGE_ROW, type MessageRow, rowOf } from './message-row.ts';
import type { OutboxEntry, OutgoingContent } from './outbox-entry.ts';

type OutboxRow = Omit<OutboxEntry, 'before'> & { readonly before?: MessageRow };

const CONTENTS = {
	text: v.looseObject({ text: v.string() }),
	reactions: v.looseObject({ to: v.string(), emojis: v.array(v.string()) }),
	retraction: v.looseObject({ of: v.string() }),
};
const CONTENT = v.custom<OutgoingContent>((value) => {
	const { kind = '' } = (value ?? {}) as { kind?: string };
	return Object.hasOwn(CONTENTS, kind) && v.is(CONTENTS[kind as keyof typeof CONTENTS], value);
});
const OUTBOX_ROW = rowSchema<OutboxRow>({
	key: v.string(),
	messageKey: v.optional(v.string()),
	peer: v.string(),
	id: v.string(),
	content: CONTENT,
	isEncrypted: v.boolean(),
	stanza: v.optional(v.custom<unknown>(() => true)),
	before: v.optional(MESSAGE_ROW),
	leftOut: v.optional(v.array(rowSchema<DeviceName>({ jid: v.string(), id: v.number() }))),
	isSuspect: v.optional(v.custom<true>((value) => value === true)),
});

/** Stores the entries that wait to be sent, or to be acknowledged. */
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
				.flatMap(({ value }) => fittingParts(OUTBOX_ROW, value) ?? [])
				.map(read)
				.sort((a, b) => (stampOf(a) < stampOf(b) ? -1 : 1));
		},
		async get(key) {
			const row = fittingParts(OUTBOX_ROW, await rows.get(prefix('outbox', key)));
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
