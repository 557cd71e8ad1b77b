import type { JXT } from 'stanza';
import type { Line } from '../line.ts';
import type { IncomingMessage, OutgoingMessage } from '../message.ts';
import type { PushedNode } from './pep.ts';

/** A message of stanza's, of which nothing is sure to be there. */
export type RawMessage = Readonly<Record<string, unknown>>;

/** All of one XEP. */
export interface Extension {
	/** as in XEP-0461 */
	readonly number: string;
	readonly version: string;
	readonly name: string;
	readonly note?: string;
	/** what of it is done; absent for all that is of use to a client */
	readonly onlyPart?: string;
	/** features that others may know of (XEP-0030) */
	readonly features?: readonly string[];
	/** A node whose items are pushed to us. */
	readonly node?: PushedNode;
	/** elements that stanza does not know, or reads in another way */
	readonly definitions?: readonly JXT.DefinitionOptions[];
	/** What it says in a message that came to `account`; nothing of that is trusted to have a type. */
	readonly read?: (raw: RawMessage, account: string) => Partial<IncomingMessage>;
	/** What it adds to a message that is sent. */
	readonly write?: (message: OutgoingMessage) => object;
	/**
	 * What can be asked of servers, by the name of its area: a method each, which throws XmppError. Declare the extension with
	 * `satisfies Extension`, so that the area is one of `Connection`.
	 */
	readonly requests?: (line: Line) => object;
	/** Listens to what comes unasked, and answers requests of others. */
	readonly listen?: (line: Line) => void;
	/** A new session has begun. */
	readonly begin?: (line: Line) => void;
}
