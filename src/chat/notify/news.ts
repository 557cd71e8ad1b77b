import type { Conversation } from '../model/conversation.ts';

/** Which notices come and go. */
export interface News {
	/** conversations that have a new message to tell of */
	readonly messages: readonly Conversation[];
	/** the first message of an unknown person, of which nothing is told but that it is there */
	readonly request: string | undefined;
	/** conversations whose notice has been read */
	readonly read: readonly string[];
	/** there is no request any more */
	readonly isRequestGone: boolean;
}

/**
 * Compares with the last look; `known` is how much was unread in each conversation then, undefined before the first
 * look. A stranger may write much, and from many addresses: there is one notice of them all, and it stays one.
 */
export function newsSince(
	known: ReadonlyMap<string, number> | undefined,
	conversations: readonly Conversation[],
	hasRequestNotice: boolean,
): News {
	const more =
		known === undefined
			? []
			: conversations.filter(({ peer, unread }) => unread > (known.get(peer) ?? 0));
	const isRequest = (conversation: Conversation) => conversation.isRequest === true;
	const firsts = more.filter((one) => isRequest(one) && known?.has(one.peer) !== true);
	return {
		messages: more.filter((one) => !isRequest(one)),
		request: hasRequestNotice ? undefined : firsts[0]?.peer,
		read: conversations.filter(({ unread }) => unread === 0).map(({ peer }) => peer),
		isRequestGone: conversations.every((one) => !isRequest(one) || one.unread === 0),
	};
}
