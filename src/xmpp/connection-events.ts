import type { IncomingMessage } from './message.ts';
import type { Contact } from './roster.ts';

export type ConnectionState =
	| 'connecting'
	| 'online'
	| 'offline'
	/** the server has refused the password; no more attempts */
	| 'auth-failed'
	/** the server offers no way to sign in that keeps the password from it; no more attempts */
	| 'no-scram'
	/** somebody else has our resource: a copy of this device; no more attempts */
	| 'superseded';

/** The server ended the stream, or the line broke. */
export type EndedBy = 'server' | 'line';

/** Listeners of a connection; called in the order in which things came. */
export interface ConnectionEvents {
	/** `resumed`: nothing was missed */
	state(state: ConnectionState, resumed: boolean): void;
	/** The account, bare, as the server writes it (RFC 6120 section 7): before each `online`. */
	bound(account: string): void;
	/** The stream is over, by the server's word or because the line broke: before `offline`. */
	ended(by: EndedBy): void;
	/**
	 * Resolves when what follows from it is on the disk: the server keeps it until then. What rejects is not acknowledged,
	 * nor is anything after it, until the stream ends.
	 */
	message(message: IncomingMessage): Promise<void>;
	/** the server has taken a message */
	acked(id: string): void;
	deviceList(jid: string, ids: readonly number[]): void;
	/** contacts that were added or changed; `removed` are addresses */
	roster(changed: readonly Contact[], removed: readonly string[]): void;
	/** somebody is there, or not; `asks`: wants to see when we are */
	presence(jid: string, available: boolean): void;
	subscriptionRequest(jid: string): void;
	/** what was to reach somebody, as the request to see when they are there, did not: the condition of the error */
	presenceRefused(jid: string, condition: string): void;
	/** somebody's picture, by its name; '' for none (XEP-0084); `isOld` of a visiting card (XEP-0153) */
	avatar(jid: string, id: string, isOld: boolean): void;
	/** what somebody calls themselves; '' for nothing any more (XEP-0172) */
	nick(jid: string, name: string): void;
	/** from this or another device (XEP-0191) */
	blocked(jids: readonly string[], isBlocked: boolean): void;
}
