import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import type { ChatMessage, Conversation, OutboxEntry } from './chat-message.ts';

const END = '\n';

/**
 * The messenger's rows of one account. Values are trusted to have their types: they are sealed, and nobody else can write
 * them.
 */
export interface MessageRows {
	/**
	 * A new place in a conversation for a message of that time: behind all that are there. Servers stamp in whole seconds,
	 * and clocks differ; the order in which messages are dealt with is the one that holds.
	 */
	keyFor(peer: string, time: number): Promise<string>;
	message(key: string): Promise<ChatMessage | undefined>;
	/** The last messages before a key, oldest first, or the last of all; or the first after one. */
	page(
		peer: string,
		options: { before?: string; after?: string; limit: number },
	): Promise<ChatMessage[]>;
	/** The message that its sender named so. */
	named(peer: string, isOwn: boolean, id: string): Promise<ChatMessage | undefined>;
	/** Whether a message of our archive has been dealt with. */
	isArchived(archiveId: string): Promise<boolean>;
	/** Writes for a message, found by its name from now on. */
	put(message: ChatMessage): Promise<ChatWrite[]>;
	putArchived(archiveId: string): Promise<ChatWrite>;
	conversations(): Promise<Conversation[]>;
	putConversation(conversation: Conversation): Promise<ChatWrite>;
	outbox(): Promise<{ key: string; entry: OutboxEntry }[]>;
	outboxKey(messageKey: string): string;
	putOutbox(entry: OutboxEntry): Promise<ChatWrite>;
	removeOutbox(messageKey: string): ChatWrite;
	/** The last id of the archive that everything before was read up to. */
	archivePosition(): Promise<string | undefined>;
	putArchivePosition(id: string): Promise<ChatWrite>;
	write(changes: readonly ChatWrite[]): Promise<void>;
}

const MOST = 100_000;

export function createMessageRows(rows: ChatRows, account: string): MessageRows {
	const prefix = (kind: string, ...parts: readonly string[]) =>
		[kind, account, ...parts, ''].join(END);
	const name = (peer: string, isOwn: boolean, id: string) =>
		prefix('name', peer, isOwn ? 'own' : 'theirs', id);
	/** the last place that was given in each conversation: milliseconds, and a number within them */
	const places = new Map<string, { stamp: number; order: number }>();

	async function lastPlace(peer: string): Promise<{ stamp: number; order: number }> {
		const [last] = await rows.page(prefix('message', peer), { limit: 1 });
		const [stamp, order] = last?.key.slice(prefix('message', peer).length).split('-') ?? [];
		return { stamp: Number(stamp ?? 0), order: Number(order ?? 0) };
	}

	return {
		async keyFor(peer, time) {
			const before = places.get(peer) ?? (await lastPlace(peer));
			const last = places.get(peer) ?? before;
			const isLater = Math.floor(time) > last.stamp;
			const place = {
				stamp: isLater ? Math.floor(time) : last.stamp,
				order: isLater ? 0 : last.order + 1,
			};
			places.set(peer, place);
			const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
			const stamp = String(place.stamp).padStart(15, '0');
			const order = String(place.order).padStart(6, '0');
			return `${prefix('message', peer)}${stamp}-${order}-${random.toString(36)}`;
		},
		message: async (key) => (await rows.get(key)) as ChatMessage | undefined,
		async page(peer, options) {
			const found = await rows.page(prefix('message', peer), options);
			return found.map(({ value }) => value as ChatMessage);
		},
		async named(peer, isOwn, id) {
			const key = await rows.get(name(peer, isOwn, id));
			return typeof key === 'string' ? ((await rows.get(key)) as ChatMessage) : undefined;
		},
		isArchived: async (id) => (await rows.get(prefix('archived', id))) !== undefined,
		async put(message) {
			const { key, peer, isOwn, id } = message;
			return Promise.all([rows.put(key, message), rows.put(name(peer, isOwn, id), key)]);
		},
		putArchived: (id) => rows.put(prefix('archived', id), true),
		async conversations() {
			const found = await rows.page(prefix('conversation'), { limit: MOST });
			return found.map(({ value }) => value as Conversation);
		},
		putConversation: (conversation) =>
			rows.put(prefix('conversation', conversation.peer), conversation),
		async outbox() {
			const found = await rows.page(prefix('outbox'), { limit: MOST });
			return found
				.map(({ key, value }) => ({ key, entry: value as OutboxEntry }))
				.sort((a, b) => (stampOf(a.entry) < stampOf(b.entry) ? -1 : 1));
		},
		outboxKey: (messageKey) => prefix('outbox', messageKey),
		putOutbox: (entry) => rows.put(prefix('outbox', entry.messageKey), entry),
		removeOutbox: (messageKey) => rows.remove(prefix('outbox', messageKey)),
		archivePosition: async () => (await rows.get(prefix('position'))) as string | undefined,
		putArchivePosition: (id) => rows.put(prefix('position'), id),
		write: (changes) => rows.write(changes),
	};
}

function stampOf({ messageKey }: OutboxEntry): string {
	return messageKey.slice(messageKey.lastIndexOf(END));
}
