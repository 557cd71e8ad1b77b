import type { OmemoElement } from '../core/omemo-element.ts';
import type { Unreadable } from './read-unreadable.ts';
import type { StanzaErrorType } from './xmpp-error.ts';

/** The chat state of the sender: typing, or not (XEP-0085). */
export type ChatState = 'active' | 'composing' | 'paused' | 'inactive' | 'gone';

/** A message as it came, reduced to what we understand. Addresses are bare where not said otherwise. */
export interface IncomingMessage {
	readonly from: string;
	/** with its resource */
	readonly fromFull: string;
	readonly to: string;
	/** sent by our own account, from this or another device */
	readonly isOwn: boolean;
	/** the other side of it */
	readonly peer: string;
	readonly isError: boolean;
	readonly id?: string;
	/** as its sender named it (XEP-0359) */
	readonly originId?: string;
	/** as our own archive named it */
	readonly archiveId?: string;
	/** milliseconds since the epoch, from a delay if there is one (XEP-0203) */
	readonly time: number;
	readonly isDelayed: boolean;
	readonly body?: string;
	readonly encrypted?: OmemoElement;
	/** it says something that cannot be shown here, whatever its body is */
	readonly unreadable?: Unreadable;
	readonly chatState?: ChatState;
	readonly wantsReceipt: boolean;
	/** the id of a message of ours that was delivered (XEP-0184) */
	readonly receiptFor?: string;
	readonly isMarkable: boolean;
	/** the id of a message that was read (XEP-0333) */
	readonly displayedId?: string;
	/** the id of an earlier message that this one corrects (XEP-0308) */
	readonly replaces?: string;
	/** the id of an earlier message that it answers (XEP-0461) */
	readonly replyTo?: string;
	/** which part of the body says again what is answered, for who cannot show answers: code points (XEP-0428) */
	readonly replyFallback?: { readonly start: number; readonly end: number };
	/** all that its sender feels about an earlier message (XEP-0444) */
	readonly reactions?: { readonly id: string; readonly emojis: readonly string[] };
	/** the id of an earlier message that its sender takes back (XEP-0424) */
	readonly retracts?: string;
	/** why it came back, if it is an error (RFC 6120 section 8.3.3) */
	readonly errorCondition?: string;
	/** whether it is worth another try (RFC 6120 section 8.3.2) */
	readonly errorType?: StanzaErrorType;
}

/** A message to be sent; `to` is bare. */
export interface OutgoingMessage {
	/** also the origin id */
	readonly id: string;
	readonly to: string;
	readonly body?: string;
	readonly encrypted?: OmemoElement;
	readonly wantsReceipt?: boolean;
	readonly isMarkable?: boolean;
	readonly receiptFor?: string;
	readonly displayedId?: string;
	readonly chatState?: ChatState;
	readonly replaces?: string;
	/** the message that it answers, whose author has this bare address */
	readonly replyTo?: { readonly id: string; readonly author: string };
	/** so many code points at the start of the body, encrypted or not, say again what is answered */
	readonly replyFallback?: number;
	readonly reactions?: { readonly id: string; readonly emojis: readonly string[] };
	readonly retracts?: string;
	/** whether servers keep it (XEP-0334) */
	readonly store: boolean;
}
