import type { Agent, JXT } from 'stanza';
import type { IncomingMessage, OutgoingMessage } from '../message.ts';

/** A message of stanza's, of which nothing is sure to be there. */
export type RawMessage = Readonly<Record<string, unknown>>;

/** What a request of others is answered with. */
export interface AnswerOptions {
	/** Whether somebody may learn something of us: contacts and our own devices. */
	readonly isKnown: (from: string | undefined) => boolean;
}

/** All of one XEP. */
export interface Extension {
	/** as in XEP-0461 */
	readonly number: string;
	readonly version: string;
	readonly name: string;
	readonly note?: string;
	/** what of it is done; absent for all that is of use to a client */
	readonly onlyPart?: string;
	/** features that others may know of (XEP-0030), and nodes that are pushed to us: `+notify` (XEP-0163 section 4) */
	readonly features?: readonly string[];
	/** elements that stanza does not know, or reads in another way */
	readonly definitions?: readonly JXT.DefinitionOptions[];
	/** What it says in a message that came; nothing of that is trusted to have a type. */
	readonly read?: (raw: RawMessage) => Partial<IncomingMessage>;
	/** What it adds to a message that is sent. */
	readonly write?: (message: OutgoingMessage) => object;
	/** Answers requests of others. */
	readonly answer?: (agent: Agent, options: AnswerOptions) => void;
}
