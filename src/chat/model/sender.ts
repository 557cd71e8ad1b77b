/** A person's account: everybody in a private chat. */
export interface AccountSender {
	readonly kind: 'account';
	/** bare */
	readonly jid: string;
}

/** Somebody in a group (XEP-0045). */
export interface OccupantSender {
	readonly kind: 'occupant';
	/** the id that the group gives them and nobody else (XEP-0421), or else their address; never the nick, which anybody can take */
	readonly id: string;
	/** what they called themselves in the group then */
	readonly nick: string;
	/** their account, bare, where the group tells it */
	readonly jid?: string;
}

/** The sender of a message, reaction or receipt. */
export type Sender = AccountSender | OccupantSender;

/** Tells the senders of one conversation apart: an address, or the id of an occupant behind a slash, which no bare address has. */
export type SenderId = string;

export function accountSender(jid: string): AccountSender {
	return { kind: 'account', jid };
}

export function senderId(sender: Sender): SenderId {
	return sender.kind === 'account' ? sender.jid : `/${sender.id}`;
}
