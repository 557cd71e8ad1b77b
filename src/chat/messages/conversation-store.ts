import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import { accountPrefix, MAX_ROWS } from '../model/account-rows.ts';
import type { Conversation, DirectConversation } from '../model/conversation.ts';

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

/** Versions before groups kept no kind. */
type ConversationRow = Conversation | Omit<DirectConversation, 'kind'>;

function conversationOf(row: ConversationRow): Conversation {
	return 'kind' in row ? row : { kind: 'direct', ...row };
}

/** The conversations themselves. */
export interface ConversationStore {
	all(): Promise<Conversation[]>;
	put(conversation: Conversation): Promise<ChatWrite>;
	/** Removes a conversation with all that is kept of it, but for what is remembered of the archive. */
	remove(peer: string): Promise<void>;
}

export function createConversationStore(rows: ChatRows, account: string): ConversationStore {
	const prefix = accountPrefix(account);
	return {
		async all() {
			const found = await rows.page(prefix('conversation'), { limit: MAX_ROWS });
			return found.map(({ value }) => conversationOf(value as ConversationRow));
		},
		put: (conversation) => rows.put(prefix('conversation', conversation.peer), conversation),
		async remove(peer) {
			for (const kind of CONVERSATION_KINDS) await rows.removeAll(prefix(kind, peer));
		},
	};
}
