import type { Trust } from '../../omemo/trust.ts';

/** How far a message of ours has come. */
export type DeliveryState = 'waiting' | 'sent' | 'delivered' | 'read' | 'failed';

/** One message as it is kept and shown. */
export interface ChatMessage {
	/** where it is kept; sorts by time within its conversation */
	readonly key: string;
	/** bare address of the other side */
	readonly peer: string;
	readonly isOwn: boolean;
	/** as its sender named it */
	readonly id: string;
	/** milliseconds since the epoch */
	readonly time: number;
	/** absent if it could not be decrypted */
	readonly text?: string;
	readonly isEncrypted: boolean;
	/** what it was encrypted from */
	readonly device?: { readonly id: number; readonly fingerprint: string; readonly trust: Trust };
	/** why there is no text, or why it was not sent: a code of OmemoError or XmppError, or the server's condition */
	readonly problem?: string;
	/** of our own messages only */
	readonly state?: DeliveryState;
	/** the sender wants to know that it was read */
	readonly isMarkable?: boolean;
	/** it was changed by its sender afterwards */
	readonly isCorrected?: boolean;
}

/** One conversation as the list shows it. */
export interface Conversation {
	/** bare address of the other side */
	readonly peer: string;
	readonly lastText?: string;
	/** milliseconds since the epoch */
	readonly lastTime: number;
	readonly lastIsOwn: boolean;
	readonly unread: number;
	readonly draft: string;
	/** the user chose to write without encryption here */
	readonly isPlaintext: boolean;
}

/** What waits to be sent, or to be acknowledged by the server. */
export interface OutboxEntry {
	/** the message it belongs to */
	readonly messageKey: string;
	readonly peer: string;
	readonly id: string;
	readonly text: string;
	/** once encrypted, these very bytes are sent as often as it takes */
	readonly stanza?: unknown;
}
