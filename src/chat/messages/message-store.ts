import { toHex } from '../../core/bytes.ts';
import { MediaError } from '../../core/errors.ts';
import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import { isStorageError } from '../../vault/is-storage-error.ts';
import type { PageOptions } from '../../vault/table.ts';
import type { Contact } from '../../xmpp/roster.ts';
import type { UploadService } from '../../xmpp/upload-service.ts';
import { type AccountSettings, DEFAULT_SETTINGS } from '../model/account-settings.ts';
import { type FileGroup, fileGroupOf } from '../model/attachment.ts';
import type { ChatMessage, Reactions } from '../model/chat-message.ts';
import type { Conversation } from '../model/conversation.ts';
import type { ProfileRow } from '../people/profiles.ts';
import { createMessageNames, type MessageNames, type Side } from './message-names.ts';
import type { OutboxEntry } from './outbox-entry.ts';

const END = '\n';

/** How far back the archive of a conversation was read. */
export interface HistoryRow {
	/** the archive's id of the oldest message that was read; undefined if none was */
	readonly before?: string;
	readonly isComplete: boolean;
	/** there are messages that only other devices can decrypt */
	readonly isSealed: boolean;
}

/** How far the messages of a conversation that are older than the index of files were looked through. */
export interface FileScan {
	/** the key of the oldest that was; undefined if none was */
	readonly before?: string;
	readonly isComplete: boolean;
}

/** What was said of a message before the message itself was found: an archive is read backwards. */
export interface EarlyChange {
	readonly isRetracted?: boolean;
	readonly correction?: ChatMessage;
	readonly reactions?: Partial<Reactions>;
}

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
	page(peer: string, options: PageOptions): Promise<ChatMessage[]>;
	/** The keys of the messages that are files of a group, as `page` has them, as far as the index reaches. */
	fileKeys(peer: string, group: FileGroup, options: PageOptions): Promise<string[]>;
	/** Takes a message into the index of files, or out of it. */
	putFile(message: ChatMessage): Promise<ChatWrite[]>;
	fileScan(peer: string): Promise<FileScan>;
	putFileScan(peer: string, scan: FileScan): Promise<ChatWrite>;
	/** A new place before all that are there. */
	keyBefore(peer: string, time: number): Promise<string>;
	/** The message that its sender named so; the newest of several, of those that are preferred if there are any. */
	named(
		peer: string,
		isOwn: boolean,
		id: string,
		isPreferred?: (message: ChatMessage) => boolean,
	): Promise<ChatMessage | undefined>;
	/** The same, whoever of both sent it; ours first, whose names nobody else can choose. */
	namedByEither(peer: string, id: string): Promise<ChatMessage | undefined>;
	readonly names: Pick<MessageNames, 'entries' | 'putOther'>;
	/** The key of the message of this sender with that encrypted content. */
	encryptedAs(side: Side, digest: string): Promise<string | undefined>;
	putEncryptedAs(side: Side, digest: string, key: string): Promise<ChatWrite>;
	/** Whether a message of our archive has been dealt with. */
	isArchived(archiveId: string): Promise<boolean>;
	/** Writes for a message, found by its names from now on. */
	put(message: ChatMessage): Promise<ChatWrite[]>;
	/** Writes for a message that is to be no more. */
	remove(message: ChatMessage): Promise<ChatWrite[]>;
	putArchived(archiveId: string): Promise<ChatWrite>;
	conversations(): Promise<Conversation[]>;
	putConversation(conversation: Conversation): Promise<ChatWrite>;
	/** What waits, oldest first. */
	outbox(): Promise<OutboxEntry[]>;
	outboxEntry(key: string): Promise<OutboxEntry | undefined>;
	putOutbox(entry: OutboxEntry): Promise<ChatWrite>;
	removeOutbox(key: string): ChatWrite;
	/** The last id of the archive that everything before was read up to. */
	archivePosition(): Promise<string | undefined>;
	putArchivePosition(id: string): Promise<ChatWrite>;
	earlyChange(peer: string, isOwn: boolean, id: string): Promise<EarlyChange>;
	/** All of a conversation. */
	earlyChanges(peer: string): Promise<EarlyChange[]>;
	/** Adds to what was said of it; what was said before holds. */
	putEarlyChange(peer: string, isOwn: boolean, id: string, change: EarlyChange): Promise<ChatWrite>;
	profile(jid: string): Promise<ProfileRow>;
	profiles(): Promise<(readonly [string, ProfileRow])[]>;
	putProfile(jid: string, profile: ProfileRow): Promise<ChatWrite>;
	/** Devices of somebody that know what a thumbnail is. */
	thumbnailReaders(jid: string): Promise<readonly number[]>;
	putThumbnailReaders(jid: string, devices: readonly number[]): Promise<ChatWrite>;
	/** The roster as it was last seen. */
	contacts(): Promise<readonly Contact[]>;
	putContacts(contacts: readonly Contact[]): Promise<ChatWrite>;
	history(peer: string): Promise<HistoryRow>;
	putHistory(peer: string, row: HistoryRow): Promise<ChatWrite>;
	/** Where the server took files when it was asked last. */
	uploadService(): Promise<UploadService | undefined>;
	putUploadService(service: UploadService | undefined): Promise<ChatWrite>;
	/** The resource of this device (RFC 6120 section 7): one for as long as it is kept, so that peers see one of us. */
	resource(): Promise<string>;
	settings(): Promise<AccountSettings>;
	putSettings(settings: AccountSettings): Promise<ChatWrite>;
	/** Removes a conversation with all that is kept of it, but for what is remembered of the archive. */
	removeConversation(peer: string): Promise<void>;
	/** Throws MediaError `storage-full` or `storage-unavailable`. */
	write: ChatRows['write'];
}

/** Rows of one kind that are read at once. */
const MAX_ROWS = 100_000;
/** All that is kept of a conversation; its own row last, so that what a crash leaves can be removed again. */
const CONVERSATION_KINDS = [
	'name',
	'digest',
	'file',
	'files',
	'early',
	'history',
	'message',
	'conversation',
];
const FILE_GROUPS: readonly FileGroup[] = ['visual', 'voice', 'file'];

export function createMessageRows(rows: ChatRows, account: string): MessageRows {
	const prefix = (kind: string, ...parts: readonly string[]) =>
		[kind, account, ...parts, ''].join(END);
	const sideKey = (kind: string, { peer, isOwn }: Side, id: string) =>
		prefix(kind, peer, isOwn ? 'own' : 'theirs', id);
	const names = createMessageNames(rows, (side, id) => sideKey('name', side, id));
	/** the last place that was given in each conversation: milliseconds, and a number within them */
	const places = new Map<string, { stamp: number; order: number }>();

	const earlyKey = (peer: string, isOwn: boolean, id: string) =>
		prefix('early', peer, isOwn ? 'own' : 'theirs', id);
	const earlyChange = async (peer: string, isOwn: boolean, id: string) =>
		((await rows.get(earlyKey(peer, isOwn, id))) as EarlyChange | undefined) ?? {};

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

	const fileKey = (peer: string, group: FileGroup, key: string) =>
		prefix('file', peer, group) + key.slice(prefix('message', peer).length);

	function putFile(message: ChatMessage): Promise<ChatWrite[]> {
		const { peer, key } = message;
		const group = fileGroupOf(message);
		const others = FILE_GROUPS.filter((other) => other !== group);
		return Promise.all([
			...(group === undefined ? [] : [rows.put(fileKey(peer, group, key), true)]),
			...others.map((other) => rows.remove(fileKey(peer, other, key))),
		]);
	}

	async function named(
		peer: string,
		isOwn: boolean,
		id: string,
		isPreferred = (_: ChatMessage) => true,
	): Promise<ChatMessage | undefined> {
		let newest: ChatMessage | undefined;
		for (const { key } of [...(await names.entries({ peer, isOwn }, id))].reverse()) {
			const message = (await rows.get(key)) as ChatMessage | undefined;
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
		message: async (key) => (await rows.get(key)) as ChatMessage | undefined,
		async page(peer, options) {
			const found = await rows.page(prefix('message', peer), options);
			return found.map(({ value }) => value as ChatMessage);
		},
		async fileKeys(peer, group, { before, after, limit }) {
			const start = prefix('file', peer, group);
			const found = await rows.page(start, {
				...(before === undefined ? {} : { before: fileKey(peer, group, before) }),
				...(after === undefined ? {} : { after: fileKey(peer, group, after) }),
				limit,
			});
			return found.map(({ key }) => prefix('message', peer) + key.slice(start.length));
		},
		putFile,
		async fileScan(peer) {
			const scan = (await rows.get(prefix('files', peer))) as FileScan | undefined;
			return scan ?? { isComplete: false };
		},
		putFileScan: (peer, scan) => rows.put(prefix('files', peer), scan),
		named,
		namedByEither: async (peer, id) =>
			(await named(peer, true, id)) ?? (await named(peer, false, id)),
		names,
		async encryptedAs(side, digest) {
			const key = await rows.get(sideKey('digest', side, digest));
			return typeof key === 'string' ? key : undefined;
		},
		putEncryptedAs: (side, digest, key) => rows.put(sideKey('digest', side, digest), key),
		async isArchived(id) {
			const [isThere = false] = await rows.has([prefix('archived', id)]);
			return isThere;
		},
		async put(message) {
			const { key, isCorrected = false, isRetracted = false } = message;
			const isFile = isCorrected || isRetracted || fileGroupOf(message) !== undefined;
			return Promise.all([
				rows.put(key, message),
				...(await names.put(message)),
				...(isFile ? await putFile(message) : []),
			]);
		},
		remove: async (message) => [
			rows.remove(message.key),
			...(await names.remove(message)),
			...FILE_GROUPS.map((group) => rows.remove(fileKey(message.peer, group, message.key))),
		],
		putArchived: (id) => rows.put(prefix('archived', id), true),
		async conversations() {
			const found = await rows.page(prefix('conversation'), { limit: MAX_ROWS });
			return found.map(({ value }) => value as Conversation);
		},
		putConversation: (conversation) =>
			rows.put(prefix('conversation', conversation.peer), conversation),
		async outbox() {
			const found = await rows.page(prefix('outbox'), { limit: MAX_ROWS });
			return found
				.map(({ value }) => value as OutboxEntry)
				.sort((a, b) => (stampOf(a) < stampOf(b) ? -1 : 1));
		},
		outboxEntry: async (key) => (await rows.get(prefix('outbox', key))) as OutboxEntry | undefined,
		putOutbox: (entry) => rows.put(prefix('outbox', entry.key), entry),
		removeOutbox: (key) => rows.remove(prefix('outbox', key)),
		archivePosition: async () => (await rows.get(prefix('position'))) as string | undefined,
		putArchivePosition: (id) => rows.put(prefix('position'), id),
		profile: async (jid) => ((await rows.get(prefix('profile', jid))) ?? {}) as ProfileRow,
		async profiles() {
			const found = await rows.page(prefix('profile'), { limit: MAX_ROWS });
			const start = prefix('profile').length;
			return found.map(
				({ key, value }) => [key.slice(start, -END.length), value as ProfileRow] as const,
			);
		},
		putProfile: (jid, profile) => rows.put(prefix('profile', jid), profile),
		thumbnailReaders: async (jid) =>
			((await rows.get(prefix('thumbnails', jid))) ?? []) as readonly number[],
		putThumbnailReaders: (jid, devices) => rows.put(prefix('thumbnails', jid), devices),
		contacts: async () => ((await rows.get(prefix('roster'))) ?? []) as readonly Contact[],
		putContacts: (contacts) => rows.put(prefix('roster'), contacts),
		earlyChange,
		async earlyChanges(peer) {
			const found = await rows.page(prefix('early', peer), { limit: MAX_ROWS });
			return found.map(({ value }) => value as EarlyChange);
		},
		async putEarlyChange(peer, isOwn, id, change) {
			const before = await earlyChange(peer, isOwn, id);
			const reactions = { ...change.reactions, ...before.reactions };
			return rows.put(earlyKey(peer, isOwn, id), { ...change, ...before, reactions });
		},
		async history(peer) {
			const row = (await rows.get(prefix('history', peer))) as HistoryRow | undefined;
			return row ?? { isComplete: false, isSealed: false };
		},
		putHistory: (peer, row) => rows.put(prefix('history', peer), row),
		uploadService: async () => (await rows.get(prefix('upload'))) as UploadService | undefined,
		putUploadService: async (service) =>
			service === undefined ? rows.remove(prefix('upload')) : rows.put(prefix('upload'), service),
		async resource() {
			const kept = await rows.get(prefix('resource'));
			if (typeof kept === 'string') return kept;
			const resource = `balcony.${toHex(crypto.getRandomValues(new Uint8Array(6)))}`;
			// Where it cannot be kept it is another one next time, and no harm is done.
			await rows.write([await rows.put(prefix('resource'), resource)]).catch(() => undefined);
			return resource;
		},
		async settings() {
			const kept = (await rows.get(prefix('settings'))) as Partial<AccountSettings> | undefined;
			return { ...DEFAULT_SETTINGS, ...kept };
		},
		putSettings: (settings) => rows.put(prefix('settings'), settings),
		async removeConversation(peer) {
			for (const kind of CONVERSATION_KINDS) await rows.removeAll(prefix(kind, peer));
		},
		async write(changes, durability) {
			try {
				await rows.write(changes, durability);
			} catch (thrown) {
				// Browsers name this failure differently. One code for all: the write is tried again, and is no mistake of ours.
				throw isStorageError(thrown)
					? thrown
					: new MediaError('storage-unavailable', { cause: thrown });
			}
		},
	};
}

/** Places of all conversations sort by their time. */
function stampOf({ key }: OutboxEntry): string {
	return key.slice(key.lastIndexOf(END));
}
