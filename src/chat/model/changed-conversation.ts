import { lineOf } from './attachment.ts';
import { blank, blankGroup, type Conversation, isBlank } from './conversation.ts';
import type { Message, MessageFields } from './message.ts';

/** The conversation that a message begins. */
export function begunBy({ peer, sender }: MessageFields): Conversation {
	return sender.kind === 'occupant' ? blankGroup(peer) : blank(peer);
}

/** A conversation after one of its messages was kept. */
export function withMessage(
	known: Conversation,
	message: Message,
	{
		isNew,
		isContact,
		isSeen,
		isUnreadGone = false,
		now,
	}: {
		/** it was not here before */
		readonly isNew: boolean;
		/** with the other side of it */
		readonly isContact: boolean;
		/** somebody looks at it */
		readonly isSeen: boolean;
		/** it counted as unread, and was taken back now */
		readonly isUnreadGone?: boolean;
		/** milliseconds since the epoch */
		readonly now: number;
	},
): { readonly after: Conversation; readonly isChanged: boolean } {
	const { isRequest, ...before } = known;
	// The order in which messages are dealt with is the one that holds, whatever clocks say.
	const isLast =
		isNew ||
		(before.lastKey === undefined
			? message.time >= before.lastTime
			: message.key === before.lastKey);
	// Who is in a group with us is known.
	const isUnknown =
		known.kind === 'direct' && !message.isOwn && !isContact && (isRequest ?? isBlank(known));
	const counts = isNew && !message.isOwn && !isSeen;
	const after: Conversation = {
		...before,
		...(isUnknown ? { isRequest: true } : {}),
		...(isLast ? { ...lastOf(message), lastTime: Math.min(message.time, now) } : {}),
		unread: before.unread + (counts ? 1 : 0) - (isUnreadGone ? 1 : 0),
	};
	const isCounted = counts || isUnreadGone;
	return { after, isChanged: isLast || isCounted || isUnknown !== (isRequest ?? false) };
}

/** A conversation after its last message was removed; `last` is the one before. */
export function withoutLast(known: Conversation, last: Message | undefined): Conversation {
	const { lastText: _, lastKey: __, lastDelivery: ___, lastSender: ____, ...rest } = known;
	if (last === undefined) return { ...rest, lastIsOwn: false };
	return { ...rest, ...lastOf(last), lastTime: last.time };
}

function lastOf(message: Message) {
	const { sender, isOwn, key } = message;
	return {
		lastText: lineOf(message),
		lastIsOwn: isOwn,
		lastDelivery: deliveryOf(message),
		lastKey: key,
		// In a private chat it is whose it is.
		...(sender.kind === 'occupant' ? { lastSender: sender } : {}),
	};
}

function deliveryOf({ state }: MessageFields): 'waiting' | 'failed' | 'sent' {
	return state === 'waiting' || state === 'failed' ? state : 'sent';
}

/** A clock that was once ahead must not keep a conversation in front of all others. `now`: milliseconds since the epoch. */
export function withoutFuture(conversation: Conversation, now: number): Conversation {
	const lastTime = Math.min(conversation.lastTime, now);
	return lastTime === conversation.lastTime ? conversation : { ...conversation, lastTime };
}
