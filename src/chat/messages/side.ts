import type { IncomingMessage } from '../../xmpp/message.ts';
import type { MessageFields } from '../model/message.ts';
import { accountSender, type Sender, senderId } from '../model/sender.ts';

/** A sender in one conversation. Message ids are looked up within it, because other senders may use the same ids. */
export type Side = Pick<MessageFields, 'peer' | 'sender'>;

/** The sender of a stanza. */
export function senderOf({ from }: Pick<IncomingMessage, 'from'>): Sender {
	return accountSender(from);
}

export function sideOf(message: Pick<IncomingMessage, 'from' | 'peer'>): Side {
	return { peer: message.peer, sender: senderOf(message) };
}

/** A sender as the keys of rows name them: the two sides of a private chat, or an occupant. */
export function sideName({ sender }: Side, account: string): string {
	if (sender.kind === 'occupant') return senderId(sender);
	return sender.jid === account ? 'own' : 'theirs';
}
