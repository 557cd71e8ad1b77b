import * as v from 'valibot';
import { fittingParts, rowSchema } from '../../core/row-schema.ts';
import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import { accountPrefix, MAX_ROWS } from '../model/account-rows.ts';
import type { CommonConversation, Conversation } from '../model/conversation.ts';
import { SENDER } from './message-row.ts';

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
const CONVERSATION_ROW = rowSchema<CommonConversation & { kind?: string; nick?: string }>({
	kind: v.optional(v.picklist(['direct', 'group'])),
	nick: v.optional(v.string()),
	peer: v.string(),
	lastText: v.optional(v.string()),
	lastTime: v.number(),
	lastIsOwn: v.boolean(),
	lastSender: v.optional(SENDER),
	lastDelivery: v.optional(v.picklist(['waiting', 'failed', 'sent'])),
	lastKey: v.optional(v.string()),
	isRequest: v.optional(v.boolean()),
	unread: v.number(),
	draft: v.string(),
	isPlaintext: v.boolean(),
	loads: v.optional(v.picklist(['as-everywhere', 'always', 'never'])),
});

function conversationOf(value: unknown): Conversation | undefined {
	const row = fittingParts(CONVERSATION_ROW, value);
	if (row === undefined) return undefined;
	const { kind, nick = '', ...common } = row;
	return kind === 'group' ? { kind, nick, ...common } : { kind: 'direct', ...common };
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
			return found.flatMap(({ value }) => conversationOf(value) ?? []);
		},
		put: (conversation) => rows.put(prefix('conversation', conversation.peer), conversation),
		async remove(peer) {
			for (const kind of CONVERSATION_KINDS) await rows.removeAll(prefix(kind, peer));
		},
	};
}
