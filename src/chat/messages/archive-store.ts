import * as v from 'valibot';
import { fitting, fittingParts, rowSchema } from '../../core/row-schema.ts';
import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import { accountPrefix, MAX_ROWS } from '../model/account-rows.ts';
import type { MessageFields, Reaction } from '../model/message.ts';
import { type ConversationSender, senderKey } from './conversation-sender.ts';
import {
	fieldsOfRow,
	MESSAGE_ROW,
	type MessageRow,
	REACTIONS,
	reactionsOf,
	rowOf,
} from './message-row.ts';

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
	readonly reactions?: readonly Reaction[];
}

/** As it is kept, by whichever version. */
type EarlyRow = Pick<EarlyChange, 'isRetracted'> &
	Pick<MessageRow, 'reactions'> & { readonly correction?: MessageRow };

const HISTORY_ROW = rowSchema<HistoryRow>({
	before: v.optional(v.string()),
	isComplete: v.boolean(),
	isSealed: v.boolean(),
});
const EARLY_ROW = rowSchema<EarlyRow>({
	isRetracted: v.optional(v.boolean()),
	correction: v.optional(MESSAGE_ROW),
	reactions: v.optional(REACTIONS),
});

/** How far the archive was read, and what it said of messages that are not here yet. */
export interface ArchiveStore {
	/** Whether a message of our archive has been dealt with. */
	isArchived(archiveId: string): Promise<boolean>;
	putArchived(archiveId: string): Promise<ChatWrite>;
	/** The key of the row that `isArchived` looks for. */
	archivedKey(archiveId: string): string;
	/** The last id of the archive that everything before was read up to. */
	position(): Promise<string | undefined>;
	putPosition(id: string): Promise<ChatWrite>;
	earlyChange(sender: ConversationSender, id: string): Promise<EarlyChange>;
	/** All of a conversation. */
	earlyChanges(peer: string): Promise<EarlyChange[]>;
	/** Adds to what was said of it; what was said before holds. */
	putEarlyChange(sender: ConversationSender, id: string, change: EarlyChange): Promise<ChatWrite>;
	history(peer: string): Promise<HistoryRow>;
	putHistory(peer: string, row: HistoryRow): Promise<ChatWrite>;
}

export function createArchiveStore(rows: ChatRows, account: string): ArchiveStore {
	const prefix = accountPrefix(account);
	const archivedKey = (id: string) => prefix('archived', id);
	const earlyKey = (sender: ConversationSender, id: string) =>
		prefix('early', sender.peer, senderKey(sender, account), id);
	const read = (row: EarlyRow, peer: string): EarlyChange => {
		const { correction, reactions, ...rest } = row;
		return {
			...rest,
			...(correction === undefined ? {} : { correction: fieldsOfRow(correction, account) }),
			...(reactions === undefined ? {} : { reactions: reactionsOf(reactions, account, peer) }),
		};
	};
	const earlyChange = async (sender: ConversationSender, id: string) =>
		read(fittingParts(EARLY_ROW, await rows.get(earlyKey(sender, id))) ?? {}, sender.peer);

	return {
		async isArchived(id) {
			const [isThere = false] = await rows.has([archivedKey(id)]);
			return isThere;
		},
		archivedKey,
		putArchived: (id) => rows.put(archivedKey(id), true),
		async position() {
			const id = await rows.get(prefix('position'));
			return typeof id === 'string' ? id : undefined;
		},
		putPosition: (id) => rows.put(prefix('position'), id),
		earlyChange,
		async earlyChanges(peer) {
			const found = await rows.page(prefix('early', peer), { limit: MAX_ROWS });
			return found.map(({ value }) => read(fittingParts(EARLY_ROW, value) ?? {}, peer));
		},
		async putEarlyChange(sender, id, change) {
			const before = await earlyChange(sender, id);
			const { correction, ...rest } = { ...change, ...before };
			const { reactions: earlier = [] } = before;
			const known = new Set(earlier.map(({ by }) => by));
			const reactions = [
				...earlier,
				...(change.reactions ?? []).filter(({ by }) => !known.has(by)),
			];
			const row: EarlyRow = {
				...rest,
				...(correction === undefined ? {} : { correction: rowOf(correction) }),
				reactions,
			};
			return rows.put(earlyKey(sender, id), row);
		},
		async history(peer) {
			const row = fitting(HISTORY_ROW, await rows.get(prefix('history', peer)));
			return row ?? { isComplete: false, isSealed: false };
		},
		putHistory: (peer, row) => rows.put(prefix('history', peer), row),
	};
}
