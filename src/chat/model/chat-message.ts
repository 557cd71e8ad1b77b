import type { ShareErrorDetail } from '../../core/share-error.ts';
import type { DeviceName } from '../../omemo/reach.ts';
import type { Trust } from '../../omemo/trust.ts';
import type { LoadRule } from '../files/auto-load.ts';
import type { PhotoQuality } from '../files/prepare-file.ts';

/** How far a message of ours has come. */
export type DeliveryState = 'waiting' | 'sent' | 'delivered' | 'read' | 'failed';

/** One message as it is kept and shown. */
export interface ChatMessage {
	/** where it is kept; sorts by time within its conversation */
	readonly key: string;
	/** bare address of the other side */
	readonly peer: string;
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
	/** of our own messages only */
	readonly state?: DeliveryState;
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
	/** what we, and they, feel about it */
	readonly reactions?: Reactions;
	/** as our own archive named it */
	readonly archiveId?: string;
}

/** What a message said before it was corrected. */
export interface EarlierText {
	readonly text: string;
	/** milliseconds since the epoch */
	readonly time: number;
	readonly isEncrypted: boolean;
	/** what it was encrypted from; absent if this device or nobody encrypted it */
	readonly device?: ChatMessage['device'];
}

/** Emoji, each once. */
export interface Reactions {
	readonly own: readonly string[];
	readonly theirs: readonly string[];
	/** what was said of it under encryption, which leaves a trace when it is taken back in the clear */
	readonly sealed?: { readonly own: readonly string[]; readonly theirs: readonly string[] };
}

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

/** What somebody chose for their account, on this device. */
export interface AccountSettings {
	/** reactions go out although OMEMO 0.3 cannot encrypt them: the servers see which emoji */
	readonly reactsInClear: boolean;
	/** how pictures are sent */
	readonly photoQuality: PhotoQuality;
	/** whether a small picture goes before a large one: to who is known to read it, to all, or to nobody */
	readonly thumbnails: 'automatic' | 'always' | 'never';
	/** what is told of a new message while nobody looks: nothing, from whom it is, or what it says */
	readonly notifications: 'off' | 'name' | 'text';
}

/** What a stanza of ours says; ids are those of earlier messages. */
export type OutgoingContent =
	| {
			readonly kind: 'text';
			readonly text: string;
			/** what it answers, and the text of that where it may be said again */
			readonly replyTo?: {
				readonly id: string;
				readonly author: string;
				readonly quoted?: string | undefined;
			};
			/** what it corrects */
			readonly replaces?: string;
	  }
	| { readonly kind: 'reactions'; readonly to: string; readonly emojis: readonly string[] }
	| { readonly kind: 'retraction'; readonly of: string };

/** What waits to be sent, or to be acknowledged by the server. */
export interface OutboxEntry {
	/** a place in the conversation: what was said first goes out first */
	readonly key: string;
	/** the message whose state it moves */
	readonly messageKey?: string;
	readonly peer: string;
	readonly id: string;
	readonly content: OutgoingContent;
	/** decided when it was written, whatever is chosen for the conversation afterwards */
	readonly isEncrypted: boolean;
	/** once encrypted, these very bytes are sent as often as it takes */
	readonly stanza?: unknown;
	/** the message as it was before, where this changes it: what is cancelled is undone */
	readonly before?: ChatMessage;
	readonly leftOut?: readonly DeviceName[];
	/** the server ended the stream when this was under way */
	readonly isSuspect?: true;
}
