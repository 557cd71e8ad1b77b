import type { Sender } from './sender.ts';

/** Which files are downloaded automatically in one conversation: as in the settings, all, or none. */
export type LoadRule = 'as-everywhere' | 'always' | 'never';

/** A conversation as the list shows it. */
export interface CommonConversation {
	/** bare address of the other side, or of the group */
	readonly peer: string;
	readonly lastText?: string;
	/** milliseconds since the epoch */
	readonly lastTime: number;
	readonly lastIsOwn: boolean;
	/** in a group: who said it */
	readonly lastSender?: Sender;
	/** of our own: absent in rows from before it was kept */
	readonly lastDelivery?: 'waiting' | 'failed' | 'sent';
	/** the key of the message that is shown; absent in rows from before there was one */
	readonly lastKey?: string;
	/** from somebody unknown, and nobody has answered or accepted it yet */
	readonly isRequest?: boolean;
	readonly unread: number;
	readonly draft: string;
	/** the user chose to write without encryption here */
	readonly isPlaintext: boolean;
	/** which files are downloaded automatically here, if not those that are everywhere */
	readonly loads?: LoadRule;
}

/** With one other person, or with ourselves. */
export interface DirectConversation extends CommonConversation {
	readonly kind: 'direct';
}

/** In a group (XEP-0045). */
export interface GroupConversation extends CommonConversation {
	readonly kind: 'group';
	/** what we are called in it; empty before it is known */
	readonly nick: string;
}

export type Conversation = DirectConversation | GroupConversation;

/** Nothing was said in it, and nobody was accepted: a draft, or a choice. */
export function isBlank({ lastTime, lastKey }: Conversation): boolean {
	return lastTime === 0 && lastKey === undefined;
}

/** One that nothing was said in yet. */
export function blank(peer: string): DirectConversation {
	return { kind: 'direct', ...nothingSaid(peer) };
}

/** A group that nothing was said in yet, as far as it is known here. */
export function blankGroup(peer: string, nick = ''): GroupConversation {
	return { kind: 'group', ...nothingSaid(peer), nick };
}

function nothingSaid(peer: string): CommonConversation {
	return { peer, lastTime: 0, lastIsOwn: false, unread: 0, draft: '', isPlaintext: false };
}
