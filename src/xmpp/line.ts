import type { Agent } from 'stanza';
import type { ConnectionEvents } from './connection-events.ts';
import type { IncomingMessage } from './message.ts';

/** Where a message was found, if not on its own in the stream. */
export interface Envelope {
	/** the archive's id of it */
	readonly archiveId?: string;
	readonly time?: number;
}

/** The line of one account to its server, as the extensions use it. */
export interface Line {
	readonly agent: Agent;
	readonly events: ConnectionEvents;
	/** our bare address as the server writes it */
	readonly own: string;
	/** what our server has last listed as its services, and itself */
	services: readonly string[];
	now(): number;
	/** Waits for an answer as long as the line lasts. Throws XmppError or ShareError, whatever stanza rejects with. */
	request<T>(work: Promise<T>): Promise<T>;
	/** Reads a message as all extensions understand it; undefined for what is no message between two people. */
	readMessage(stanza: unknown, envelope?: Envelope): IncomingMessage | undefined;
	/** Says that we are here, and what is to be pushed to us. */
	announce(): void;
	/** Whether somebody may learn something of us: contacts and our own devices. */
	isKnown(from: string | undefined): boolean;
	/** Whether somebody is neither known nor our server or one of its services. */
	isStranger(from: string | undefined): boolean;
}
