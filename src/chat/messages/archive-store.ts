import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import { accountPrefix, MAX_ROWS } from '../model/account-rows.ts';
import type { MessageFields, Reactions } from '../model/chat-message.ts';

/** How far back the archive of a conversation was read. */
export interface HistoryRow {
	/** the archive's id of the oldest message that was read; undefined if none was */
	readonly before?: string;
	readonly isComplete: boolean;
	/** there are messages that only other devices can decrypt */
	readonly isSealed: boolean;
}

/** What was said of a message before the message itself was found: an archive is read backwards. */
export interface EarlyChange {
	readonly isRetracted?: boolean;
	readonly correction?: MessageFields;
	readonly reactions?: Partial<Reactions>;
}

/** How far the archive was read, and what it said of messages that are not here yet. */
export interface ArchiveStore {
	/** Whether a message of our archive has been dealt with. */
	isArchived(archiveId: string): Promise<boolean>;
	putArchived(archiveId: string): Promise<ChatWrite>;
	/** The last id of the archive that everything before was read up to. */
	position(): Promise<string | undefined>;
	putPosition(id: string): Promise<ChatWrite>;
	earlyChange(peer: string, isOwn: boolean, id: string): Promise<EarlyChange>;
	/** All of a conversation. */
	earlyChanges(peer: string): Promise<EarlyChange[]>;
	/** Adds to what was said of it; what was said before holds. */
	putEarlyChange(peer: string, isOwn: boolean, id: string, change: EarlyChange): Promise<ChatWrite>;
	history(peer: string): Promise<HistoryRow>;
	putHistory(peer: string, row: HistoryRow): Promise<ChatWrite>;
}

export function createArchiveStore(rows: ChatRows, account: string): ArchiveStore {
	const prefix = accountPrefix(account);
	const earlyKey = (peer: string, isOwn: boolean, id: string) =>
		prefix('early', peer, isOwn ? 'own' : 'theirs', id);
	const earlyChange = async (peer: string, isOwn: boolean, id: string) =>
		((await rows.get(earlyKey(peer, isOwn, id))) as EarlyChange | undefined) ?? {};

	return {
		async isArchived(id) {
			const [isThere = false] = await rows.has([prefix('archived', id)]);
			return isThere;
		},
		putArchived: (id) => rows.put(prefix('archived', id), true),
		position: async () => (await rows.get(prefix('position'))) as string | undefined,
		putPosition: (id) => rows.put(prefix('position'), id),
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
	};
}
