import type { ChatMessage, MessageFields, Reaction } from '../model/chat-message.ts';
import { accountSender } from '../model/sender.ts';

/** Reactions as versions before groups kept them: those of private chats, by side. */
interface ReactionsBySide {
	readonly own?: readonly string[];
	readonly theirs?: readonly string[];
	readonly sealed?: { readonly own?: readonly string[]; readonly theirs?: readonly string[] };
}

/** A message as it is kept: without its meaning, and without a sender that follows from the chat it is in. */
export type MessageRow = Omit<MessageFields, 'sender' | 'reactions'> &
	Partial<Pick<MessageFields, 'sender'>> & {
		readonly reactions?: readonly Reaction[] | ReactionsBySide;
	};

/** What a row says, by whichever version it was written. `account` is bare. */
export function fieldsOfRow(row: MessageRow, account: string): MessageFields {
	const { reactions, sender = accountSender(row.isOwn ? account : row.peer), ...rest } = row;
	return {
		...rest,
		sender,
		...(reactions === undefined ? {} : { reactions: reactionsOf(reactions, account, row.peer) }),
	};
}

export function rowOf(message: MessageFields): MessageRow {
	const { attachment: _, sender, earlier, ...fields } = message as ChatMessage;
	return {
		...fields,
		...(sender.kind === 'account' ? {} : { sender }),
		...(earlier === undefined
			? {}
			: { earlier: earlier.map(({ attachment: _, ...text }) => text) }),
	};
}

/** Reactions by whichever version they were written; of a private chat of `account` with `peer`, where sides are named. */
export function reactionsOf(
	reactions: readonly Reaction[] | ReactionsBySide,
	account: string,
	peer: string,
): readonly Reaction[] {
	if (isBySender(reactions)) return reactions;
	const sides = [
		[account, reactions.own, reactions.sealed?.own],
		[peer, reactions.theirs, reactions.sealed?.theirs],
	] as const;
	return sides.flatMap(([by, emojis = [], sealed = []]) =>
		emojis.length + sealed.length === 0
			? []
			: [{ by, emojis, ...(sealed.length === 0 ? {} : { sealed }) }],
	);
}

function isBySender(
	reactions: readonly Reaction[] | ReactionsBySide,
): reactions is readonly Reaction[] {
	return Array.isArray(reactions);
}
