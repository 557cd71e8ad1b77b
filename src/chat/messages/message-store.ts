import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import type { PageOptions } from '../../vault/table.ts';
import { accountPrefix } from '../model/account-rows.ts';
import { fileGroupOf } from '../model/attachment.ts';
import type { Message, MessageFields } from '../model/message.ts';
import { accountSender } from '../model/sender.ts';
import { type ConversationSender, senderKey } from './conversation-sender.ts';
import type { FileIndex } from './file-index.ts';
import { interpret } from './interpret.ts';
import { createMessageNames, type MessageNames } from './message-names.ts';
import { fieldsOfRow, type MessageRow, messageRow, rowOf } from './message-row.ts';

/**
 * The messages of one account. Values are trusted to have their types: they are sealed, and nobody else can write
 * them.
 */
export interface MessageStore {
	/**
	 * A new place in a conversation for a message of that time: behind all that are there. Servers stamp in whole seconds,
	 * and clocks differ; the order in which messages are dealt with is the one that holds.
	 */
	keyFor(peer: string, time: number): Promise<string>;
	/** A new place before all that are there. */
	keyBefore(peer: string, time: number): Promise<string>;
	get(key: string): Promise<Message | undefined>;
	/** The last messages before a key, oldest first, or the last of all; or the first after one. */
	page(peer: string, options: PageOptions): Promise<Message[]>;
	/** The message that its sender named so; the newest of several, of those that are preferred if there are any. */
	named(
		sender: ConversationSender,
		id: string,
		isPreferred?: (message: Message) => boolean,
	): Promise<Message | undefined>;
	/** The same in a private chat, whoever of both sent it; ours first, whose names nobody else can choose. */
	namedByEither(peer: string, id: string): Promise<Message | undefined>;
	readonly names: Pick<MessageNames, 'entries' | 'putOther'>;
	/** The key of the message of this sender with that encrypted content. */
	encryptedAs(sender: ConversationSender, digest: string): Promise<string | undefined>;
	putEncryptedAs(sender: ConversationSender, digest: string, key: string): Promise<ChatWrite>;
	/** The keys of the rows that say whether a message with these names, or that encrypted content, is here. */
	lookupKeys(sender: ConversationSender, ids: readonly string[], digest?: string): string[];
	/** Writes for a message, found by its names from now on. */
	put(message: MessageFields): Promise<ChatWrite[]>;
	/** Writes for a message that is to be no more. */
	remove(message: MessageFields): Promise<ChatWrite[]>;
}

export function createMessageStore(
	rows: ChatRows,
	account: string,
	files: FileIndex,
): MessageStore {
	const prefix = accountPrefix(account);
	const rowKey = (kind: string, sender: ConversationSender, id: string) =>
		prefix(kind, sender.peer, senderKey(sender, account), id);
	const names = createMessageNames(rows, (sender, id) => rowKey('name', sender, id));
	/** the last place that was given in each conversation: milliseconds, and a number within them */
	const places = new Map<string, { stamp: number; order: number }>();

	function placeKey(peer: string, { stamp, order }: { stamp: number; order: number }): string {
		const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
		const place = `${String(stamp).padStart(15, '0')}-${String(order).padStart(6, '0')}`;
		return `${prefix('message', peer)}${place}-${random.toString(36)}`;
	}

	/** Of its messages, and of what waits to be said of them: one may be later than the other when a clock went back. */
	async function lastPlace(peer: string): Promise<{ stamp: number; order: number }> {
		const start = prefix('message', peer);
		const [message] = await rows.page(start, { limit: 1 });
		const [entry] = await rows.page(prefix('outbox') + start, { limit: 1 });
		const places = [message?.key, entry?.key.slice(prefix('outbox').length)];
		const last = places.sort().findLast((place) => place !== undefined);
		const [stamp, order] = last?.slice(start.length).split('-') ?? [];
		return { stamp: Number(stamp ?? 0), order: Number(order ?? 0) };
	}

	async function keyFor(peer: string, time: number): Promise<string> {
		const before = places.get(peer) ?? (await lastPlace(peer));
		const last = places.get(peer) ?? before;
		const isLater = Math.floor(time) > last.stamp;
		const place = {
			stamp: isLater ? Math.floor(time) : last.stamp,
			order: isLater ? 0 : last.order + 1,
		};
		places.set(peer, place);
		return placeKey(peer, place);
	}

	const read = (row: MessageRow) => interpret(fieldsOfRow(row, account));

	async function get(key: string): Promise<Message | undefined> {
		const row = messageRow(await rows.get(key));
		return row && read(row);
	}

	async function named(
		sender: ConversationSender,
		id: string,
		isPreferred = (_: Message) => true,
	): Promise<Message | undefined> {
		let newest: Message | undefined;
		for (const { key } of [...(await names.entries(sender, id))].reverse()) {
			const message = await get(key);
			if (message !== undefined && isPreferred(message)) return message;
			newest ??= message;
		}
		return newest;
	}

	return {
		keyFor,
		async keyBefore(peer, time) {
			const after = prefix('message', peer);
			const [first] = await rows.page(after, { after, limit: 1 });
			if (first === undefined) return keyFor(peer, time);
			const stamp = Number(first.key.slice(after.length).split('-')[0]);
			return placeKey(peer, {
				stamp: Math.max(0, Math.min(Math.floor(time), stamp - 1)),
				order: 0,
			});
		},
		get,
		async page(peer, options) {
			const found = await rows.page(prefix('message', peer), options);
			return found.flatMap(({ value }) => messageRow(value) ?? []).map(read);
		},
		named,
		namedByEither: async (peer, id) =>
			(await named({ peer, sender: accountSender(account) }, id)) ??
			(await named({ peer, sender: accountSender(peer) }, id)),
		names,
		async encryptedAs(sender, digest) {
			const key = await rows.get(rowKey('digest', sender, digest));
			return typeof key === 'string' ? key : undefined;
		},
		putEncryptedAs: (sender, digest, key) => rows.put(rowKey('digest', sender, digest), key),
		lookupKeys: (sender, ids, digest) => [
			...ids.map((id) => rowKey('name', sender, id)),
			...(digest === undefined ? [] : [rowKey('digest', sender, digest)]),
		],
		async put(message) {
			const { key, isCorrected = false, isRetracted = false } = message;
			const isFile = isCorrected || isRetracted || fileGroupOf(interpret(message)) !== undefined;
			return Promise.all([
				rows.put(key, rowOf(message)),
				...(await names.put(message)),
				...(isFile ? await files.put(message) : []),
			]);
		},
		remove: async (message) => [
			rows.remove(message.key),
			...(await names.remove(message)),
			...files.remove(message),
		],
	};
}
