import type { ChatRows } from '../../vault/chat-rows.ts';
import type { Gathering } from '../../vault/gathered-rows.ts';
import { safely, safeWrite, type Write } from '../model/account-rows.ts';
import { type ArchiveStore, createArchiveStore } from './archive-store.ts';
import { type ConversationStore, createConversationStore } from './conversation-store.ts';
import { createFileIndex, type FileIndex } from './file-index.ts';
import { createMessageStore, type MessageStore } from './message-store.ts';
import { createOutboxStore, type OutboxStore } from './outbox-store.ts';

/** All that is kept of conversations, each by its owner. Writes of several of them go to the disk together. */
export interface Stores {
	readonly messages: MessageStore;
	readonly files: FileIndex;
	readonly archive: ArchiveStore;
	readonly conversations: ConversationStore;
	readonly outbox: OutboxStore;
	readonly write: Write;
	/** of the relaxed writes among these */
	readonly gathering: Gathering;
}

/** Rows that are written at once, each by itself. */
const NOT_GATHERED: Gathering = {
	gather: () => () => undefined,
	commit: async () => undefined,
	whenWritten: (work) => work(),
	readAhead: async () => undefined,
};

export function makeStores(rows: ChatRows & Partial<Gathering>, account: string): Stores {
	const { gather, commit, whenWritten, readAhead } = { ...NOT_GATHERED, ...rows };
	const files = createFileIndex(rows, account);
	return {
		messages: createMessageStore(rows, account, files),
		files,
		archive: createArchiveStore(rows, account),
		conversations: createConversationStore(rows, account),
		outbox: createOutboxStore(rows, account),
		write: safeWrite(rows),
		gathering: { gather, commit: () => safely(commit), whenWritten, readAhead },
	};
}
