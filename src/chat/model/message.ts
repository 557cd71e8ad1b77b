import type { ShareErrorDetail } from '../../core/share-error.ts';
import type { DeviceName } from '../../omemo/reach.ts';
import type { Trust } from '../../omemo/trust.ts';
import type { Attachment } from './attachment.ts';
import type { Sender, SenderId } from './sender.ts';

/** How far a message of ours has come. */
export type DeliveryState = 'waiting' | 'sent' | 'delivered' | 'read' | 'failed';

/** One message with its meaning, as it is shown. */
export interface Message extends MessageFields {
	/** the file that it is, or leads to */
	readonly attachment: Attachment | undefined;
}

/** A message as it is stored. */
export interface MessageFields {
	/** where it is kept; sorts by time within its conversation */
	readonly key: string;
	/** bare address of the conversation: of the other side, or of the group */
	readonly peer: string;
	readonly sender: Sender;
	/** the sender is our account, on this or another device */
	readonly isOwn: boolean;
	/** as its sender named it: what others refer to it by (XEP-0308, 0424, 0444 in 1:1 chats) */
	readonly id: string;
	/** the name that its sender gives once and never again (XEP-0359), which may be another one */
	readonly originId?: string;
	/** milliseconds since the epoch */
	readonly time: number;
	/** absent if it could not be decrypted */
	readonly text?: string;
	readonly isEncrypted: boolean;
	/** what it was encrypted from */
	readonly device?: { readonly id: number; readonly fingerprint: string; readonly trust: Trust };
	/** why there is no text, or why it was not sent: a code of OmemoError or XmppError, or the server's condition */
	readonly problem?: string;
	/** what else a person may be told of that */
	readonly problemDetail?: ShareErrorDetail;
	/** of our own messages only; in a private chat it tells of receipts, too */
	readonly state?: DeliveryState;
	/** in a group: who has received and read it */
	readonly receipts?: readonly Receipt[];
	/** why a message of ours still waits: a condition of the server, or a code of XmppError, OmemoError or MediaError */
	readonly waitsFor?: string;
	/** devices that it is not encrypted for, because their keys could not be had then */
	readonly leftOut?: readonly DeviceName[];
	/** a file of ours that is not uploaded yet; there is no text before that */
	readonly share?: { readonly mediaId: string; readonly name: string; readonly size: number };
	/** the sender wants to know that it was read */
	readonly isMarkable?: boolean;
	/** it was changed by its sender afterwards */
	readonly isCorrected?: boolean;
	/** when that was last, milliseconds since the epoch; absent in old rows */
	readonly correctedAt?: number;
	/** what it said before, oldest first; absent in old rows */
	readonly earlier?: readonly EarlierText[];
	/** it was taken back by its sender; there is no text any more */
	readonly isRetracted?: boolean;
	/** the message that it answers */
	readonly replyTo?: {
		readonly id: string;
		/** it was sent with that said again in front of `text` */
		readonly isQuoted: boolean;
		/** where it is kept, whatever else has its name later; absent if it was not here, and in old rows */
		readonly key?: string;
		/** what was said again of it in front of `text`, of our own; absent in old rows */
		readonly quoted?: string;
		/** so many UTF-16 code units at the start of `text` say that again, and are folded away where it is shown */
		readonly folded?: number;
	};
	/** one for each sender who feels something about it, or did under encryption */
	readonly reactions?: readonly Reaction[];
	/** as our own archive named it */
	readonly archiveId?: string;
}

/** A text of a message before it was corrected. */
export interface EarlierText {
	readonly text: string;
	/** milliseconds since the epoch */
	readonly time: number;
	readonly isEncrypted: boolean;
	/** what it was encrypted from; absent if this device or nobody encrypted it */
	readonly device?: MessageFields['device'];
	/** the file that it was, or led to */
	readonly attachment?: Attachment;
}

/** Reactions of one sender to a message. */
export interface Reaction {
	readonly by: SenderId;
	/** each once */
	readonly emojis: readonly string[];
	/** what was said of it under encryption, which leaves a trace when it is taken back in the clear */
	readonly sealed?: readonly string[];
}

/** How far a message has come to one sender of a group. */
export interface Receipt {
	readonly by: SenderId;
	readonly state: 'delivered' | 'read';
}
