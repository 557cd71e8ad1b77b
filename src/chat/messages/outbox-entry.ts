import type { DeviceName } from '../../omemo/reach.ts';
import type { MessageFields } from '../model/message.ts';

/** The content of a stanza of ours; ids are those of earlier messages. */
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

/** A stanza that waits to be sent, or to be acknowledged by the server. */
export interface OutboxEntry {
	/** a place in the conversation: what was said first goes out first */
	readonly key: string;
	/** the message whose state it moves */
	readonly messageKey?: string;
	/** address of the conversation: of the other side, or of the group */
	readonly peer: string;
	readonly id: string;
	readonly content: OutgoingContent;
	/** decided when it was written, whatever is chosen for the conversation afterwards */
	readonly isEncrypted: boolean;
	/** once encrypted, these very bytes are sent as often as it takes */
	readonly stanza?: unknown;
	/** the message as it was before, where this changes it: what is cancelled is undone */
	readonly before?: MessageFields;
	readonly leftOut?: readonly DeviceName[];
	/** the server ended the stream when this was under way */
	readonly isSuspect?: true;
}
