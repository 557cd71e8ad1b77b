import * as v from 'valibot';
import { fingerprint } from '../../core/crypto/fingerprint.ts';
import { fitting, rowSchema } from '../../core/row-schema.ts';
import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import type { MessageFields } from '../model/message.ts';
import type { ConversationSender } from './conversation-sender.ts';

/** Messages of one name that are remembered: some clients count their ids from 1 after each start. */
const MAX_ENTRIES = 20;

/** A message that came under a name. */
export interface NameEntry {
	/** of the message that it is, or that it changed */
	readonly key: string;
	/** fingerprint of its text, if it has one that could be read */
	readonly text?: string;
	/** milliseconds since the epoch */
	readonly time: number;
	/** our archive has named it, too */
	readonly isArchived: boolean;
	/** the name is an origin-id, which its sender gives once (XEP-0359 section 3.2) */
	readonly isOrigin: boolean;
	/** kept before contents were remembered; only `key` says something */
	readonly isOld?: true;
}

const NAME_ENTRY = rowSchema<NameEntry>({
	key: v.string(),
	text: v.optional(v.string()),
	time: v.number(),
	isArchived: v.boolean(),
	isOrigin: v.boolean(),
	isOld: v.optional(v.custom<true>((value) => value === true)),
});

/** The names that the sender of a message gave it. */
export interface Names {
	readonly id: string;
	readonly originId?: string | undefined;
}

/** Which messages a name stands for: one as a rule, several where a client uses its ids again. */
export interface MessageNames {
	/** All that came under a name, newest last. */
	entries(sender: ConversationSender, id: string): Promise<readonly NameEntry[]>;
	/** A message is found by its own names from now on. */
	put(message: MessageFields): Promise<ChatWrite[]>;
	/** A message is found by these names, too: those of a correction of it. */
	putOther(message: MessageFields, names: Names, content: NamedContent): Promise<ChatWrite[]>;
	/** A message is not found by its names any more; others that share them are. */
	remove(message: MessageFields): Promise<ChatWrite[]>;
}

/** The content of a message, to compare later ones of the same name with. */
export interface NamedContent {
	readonly text?: string | undefined;
	/** milliseconds since the epoch */
	readonly time: number;
	readonly isArchived: boolean;
}

/** `rowOf` is the key of a name's row. */
export function createMessageNames(
	rows: Pick<ChatRows, 'get' | 'put' | 'remove'>,
	rowOf: (sender: ConversationSender, id: string) => string,
): MessageNames {
	async function entries(sender: ConversationSender, id: string): Promise<readonly NameEntry[]> {
		const value = await rows.get(rowOf(sender, id));
		if (typeof value === 'string')
			return [{ key: value, time: 0, isArchived: true, isOrigin: false, isOld: true }];
		return Array.isArray(value) ? value.flatMap((one) => fitting(NAME_ENTRY, one) ?? []) : [];
	}

	/** `isSame`: an entry that this one stands for already. */
	async function add(
		sender: ConversationSender,
		id: string,
		entry: NameEntry,
		isSame: (before: NameEntry) => boolean,
	): Promise<ChatWrite[]> {
		const before = await entries(sender, id);
		const known = before.find(isSame);
		if (known !== undefined && (known.isArchived || !entry.isArchived)) return [];
		const after = known === undefined ? entry : { ...known, isArchived: true };
		// Places sort by time: an older message that is paged in does not become the newest of its name.
		const all = [...before.filter((one) => one !== known), after]
			.sort((a, b) => (a.key < b.key ? -1 : 1))
			.slice(-MAX_ENTRIES);
		return [await rows.put(rowOf(sender, id), all)];
	}

	async function addAll(
		message: MessageFields,
		names: Names,
		{ text, time, isArchived }: NamedContent,
		isSame: (before: NameEntry, entry: NameEntry) => boolean,
	): Promise<ChatWrite[]> {
		const writes: ChatWrite[] = [];
		for (const id of allNames(names)) {
			const entry = {
				key: message.key,
				...(text === undefined ? {} : { text: fingerprint(text) }),
				time,
				isArchived,
				isOrigin: names.originId === id,
			};
			writes.push(...(await add(message, id, entry, (before) => isSame(before, entry))));
		}
		return writes;
	}

	return {
		entries,
		put(message) {
			const { text, time, archiveId } = message;
			// A correction changes the text, and not what first came under the name.
			return addAll(
				message,
				message,
				{ text, time, isArchived: archiveId !== undefined },
				(before, { key }) => before.key === key,
			);
		},
		putOther: (message, names, content) =>
			addAll(
				message,
				names,
				content,
				(before, { key, text }) => before.key === key && before.text === text,
			),
		async remove(message) {
			const writes: ChatWrite[] = [];
			for (const id of allNames(message)) {
				const before = await entries(message, id);
				const after = before.filter(({ key }) => key !== message.key);
				const row = rowOf(message, id);
				writes.push(after.length === 0 ? rows.remove(row) : await rows.put(row, after));
			}
			return writes;
		},
	};
}

/** Each name once. */
export function allNames({ id, originId = id }: Names): readonly string[] {
	return originId === id ? [id] : [id, originId];
}

/** The names that its sender gave; undefined for none. */
export function givenNames({ id, originId }: IncomingMessage): Names | undefined {
	if (id !== undefined) return { id, originId };
	return originId === undefined ? undefined : { id: originId, originId };
}
