/** What was chosen for one conversation: as everywhere, or all of it, or nothing. */
export type LoadRule = 'as-everywhere' | 'always' | 'never';

/** One conversation as the list shows it. */
export interface Conversation {
	/** bare address of the other side */
	readonly peer: string;
	readonly lastText?: string;
	/** milliseconds since the epoch */
	readonly lastTime: number;
	readonly lastIsOwn: boolean;
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
	/** which files load by themselves here, if not those that do everywhere */
	readonly loads?: LoadRule;
}

/** Nothing was said in it, and nobody was accepted: a draft, or a choice. */
export function isBlank({ lastTime, lastKey }: Conversation): boolean {
	return lastTime === 0 && lastKey === undefined;
}

/** One that nothing was said in yet. */
export function blank(peer: string): Conversation {
	return { peer, lastTime: 0, lastIsOwn: false, unread: 0, draft: '', isPlaintext: false };
}
