import type { WriteBuffer } from '../../vault/buffered-rows.ts';
import type { ChatRows } from '../../vault/chat-rows.ts';
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
	/** of relaxed writes */
	readonly buffer: WriteBuffer;
}

/** Of rows that are not buffered, as in tests. */
const UNBUFFERED: WriteBuffer = {
	hold: () => () => undefined,
	flush: async () => undefined,
	whenWritten: (work) => work(),
	prefetch: async () => undefined,
};

export function makeStores(rows: ChatRows & Partial<WriteBuffer>, account: string): Stores {
	const { hold, flush, whenWritten, prefetch } = { ...UNBUFFERED, ...rows };
	const files = createFileIndex(rows, account);
	return {
		messages: createMessageStore(rows, account, files),
		files,
		archive: createArchiveStore(rows, account),
		conversations: createConversationStore(rows, account),
		outbox: createOutboxStore(rows, account),
		write: safeWrite(rows),
		buffer: { hold, flush: () => safely(flush), whenWritten, prefetch },
	};
}
