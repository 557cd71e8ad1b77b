import type { IncomingMessage } from '../../xmpp/message.ts';
import type { MessageFields } from '../model/message.ts';
import { accountSender, type Sender, senderId } from '../model/sender.ts';

/** A sender in one conversation. Message ids are looked up within it, because other senders may use the same ids. */
export type ConversationSender = Pick<MessageFields, 'peer' | 'sender'>;

/** The sender of a stanza. */
export function senderOf({ from }: Pick<IncomingMessage, 'from'>): Sender {
	return accountSender(from);
}

/** The sender of a stanza, within its conversation. */
export function conversationSender(
	message: Pick<IncomingMessage, 'from' | 'peer'>,
): ConversationSender {
	return { peer: message.peer, sender: senderOf(message) };
}

/** A sender as the keys of rows name them: the two sides of a private chat, or an occupant. */
export function senderKey({ sender }: ConversationSender, account: string): string {
	if (sender.kind === 'occupant') return senderId(sender);
	return sender.jid === account ? 'own' : 'theirs';
}
