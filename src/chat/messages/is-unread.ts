import type { Conversation } from '../model/conversation.ts';
import type { Message } from '../model/message.ts';
import type { Stores } from './stores.ts';

/** Messages behind one that are looked at: one that has more is taken for read. */
const LOOKED_AT = 300;

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
	const behind = await stores.messages.page(peer, { after: key, limit: LOOKED_AT });
	if (behind.length === LOOKED_AT) return false;
	return behind.filter((other) => !other.isOwn && other.isRetracted !== true).length < unread;
}
