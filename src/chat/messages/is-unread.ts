import type { Conversation } from '../model/conversation.ts';
import type { Message } from '../model/message.ts';
import type { Stores } from './stores.ts';

/** Messages of ours that may stand between those that are unread; who writes has read them as a rule. */
const OWN_BETWEEN = 100;

/**
 * Whether a message is among those that count as unread in its conversation: the last ones of others, but for those that were
 * taken back.
 */
export async function isUnread(
	stores: Pick<Stores, 'messages'>,
	{ peer, unread }: Conversation,
	{ key, isOwn }: Message,
): Promise<boolean> {
	if (isOwn || unread === 0) return false;
	const kept = await stores.messages.get(key);
	if (kept === undefined || kept.isRetracted === true) return false;
	const behind = await stores.messages.page(peer, { after: key, limit: unread + OWN_BETWEEN });
	return behind.filter((other) => !other.isOwn && other.isRetracted !== true).length < unread;
}
