// Stream Management, XEP-0198 version 1.6.3

import type { Agent } from 'stanza';

/** An element of stream management, read but not checked. */
export interface SmStanza {
	type?: string;
	handled?: unknown;
	previousSession?: unknown;
	id?: unknown;
	resume?: unknown;
}

/** Fields of stanza 12.22 that its declarations leave out. */
export interface StreamManagement {
	/** '' for no session */
	id: string;
	allowResume: boolean;
	/** the last count of the server's */
	lastAck: number;
	/** stanzas that came and that the server may forget */
	handled: number;
	/** sent, or to be sent, and not yet counted by the server; in order */
	unacked: [kind: string, stanza: object][];
	readonly started: boolean;
	readonly inboundStarted: boolean;
	enable(): Promise<void>;
	enabled(answer: SmStanza): Promise<void>;
	resume(): Promise<void>;
	/** a stanza has come */
	handle(): Promise<void>;
	/** the server's count */
	process(count: SmStanza, resend?: boolean): Promise<void>;
	/** tells the server our count */
	ack(): void;
	/** asks for the server's */
	request(): void;
	track(kind: string, stanza: object): Promise<boolean>;
	/** the line is gone */
	hibernate(): Promise<void>;
	/** the session is */
	shutdown(): Promise<void>;
	_reset(): void;
}

/** Counts go round (section 4). */
export const COUNTS = 2 ** 32;

export function streamManagementOf(agent: Agent): StreamManagement {
	return agent.sm as unknown as StreamManagement;
}
