import type { ChatWrite } from '../../vault/chat-rows.ts';
import type { OutgoingMessage } from '../../xmpp/message.ts';
import type { MessageFields } from '../model/message.ts';

/** The connection and the list of chats, as the outbox uses them. */
export interface OutboxContext {
	/** there is a connection, and nothing older is to go first */
	readonly isReady: boolean;
	/** bytes of the largest stanza that the server takes */
	readonly stanzaLimit: number;
	/** Bytes of a stanza on the wire. */
	sizeOf(stanza: OutgoingMessage): number;
	/** Hands a stanza to the connection. Throws XmppError `offline`. */
	send(stanza: OutgoingMessage): void;
	/** The next session is a new one: the connection sends nothing again by itself. */
	forgetSession(): void;
	/** Keeps and shows a message, together with other writes. */
	keep(message: MessageFields, isNew: boolean, more: readonly ChatWrite[]): Promise<void>;
	/** Tells of a mistake of ours. */
	report(thrown: unknown): void;
}
