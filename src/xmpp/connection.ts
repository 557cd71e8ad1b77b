import { loadOnce } from '../core/async/load-once.ts';
import type { ConnectionEvents } from './connection-events.ts';
import { DEFAULT_STANZA_LIMIT } from './default-stanza-limit.ts';
import type { Requests } from './extensions/index.ts';
import type { OutgoingMessage } from './message.ts';
import type { RosterRequests } from './roster.ts';
import { XmppError } from './xmpp-error.ts';

export type { ConnectionEvents, ConnectionState } from './connection-events.ts';

/** Milliseconds until loading is tried again. */
const RETRY = 5000;

/** The stream of one account: whether it is there, and what goes out on it. */
interface Stream {
	/** `resource` is this device's: the same one each time, so that others see it once. */
	connect(resource: string): void;
	/** Says goodbye and ends for good. */
	close(): Promise<void>;
	/** Tries again now, where it would wait; looks whether the line lives, where there is one. */
	wake(): void;
	/** Whether somebody looks (XEP-0352). */
	setActive(active: boolean): void;
	send(message: OutgoingMessage): void;
	/** The next session is a new one: nothing that was sent in this one is sent again. */
	forgetSession(): void;
	/** Ends the stream and begins a new session: the server sends again what was not acknowledged, or has it in the archive. */
	restart(): void;
	/** bytes of a stanza that the server lets through (XEP-0478) */
	readonly stanzaLimit: number;
	/** How many bytes a message is on the wire. */
	sizeOf(message: OutgoingMessage): number;
}

/** One account's line to its server. Requests are grouped by area, one for each extension that has some; they throw XmppError. */
export interface Connection extends Stream, Requests {
	readonly roster: RosterRequests;
}

export interface ConnectionOptions {
	/** whose messages are read, bare */
	account: string;
	/** what is signed in with, if the server writes the account differently */
	login?: string | undefined;
	password: string;
	url: string;
	events: ConnectionEvents;
	/** Whether somebody, bare, may learn that we are there; our own account and its server may. All others find nobody. */
	mayLearnPresence?: (jid: string) => boolean;
	now?: () => number;
}

const loadStanza = loadOnce(() => import('./stanza-connection.ts'));

/**
 * A line to `url` for a bare address; SCRAM only. Nothing happens before `connect`, except that stanza is loaded: until it
 * is there, the connection is one that is offline.
 */
export function makeConnection(options: ConnectionOptions): Connection {
	const { events } = options;
	let live: Connection | undefined;
	/** set once `connect` was called, until `close` */
	let resource: string | undefined;
	let retry: ReturnType<typeof setTimeout> | undefined;
	let isClosed = false;
	let hasFailed = false;
	/** what was said of that before stanza was there */
	let isActive: boolean | undefined;

	async function load(): Promise<void> {
		clearTimeout(retry);
		retry = undefined;
		let make: (options: ConnectionOptions) => Connection;
		try {
			({ makeStanzaConnection: make } = await loadStanza());
		} catch {
			// Without a network, and not kept for use without one.
			if (resource === undefined) return;
			events.state('offline', false);
			clearTimeout(retry);
			retry = setTimeout(begin, RETRY);
			return;
		}
		if (isClosed) return;
		live ??= make(options);
		if (resource === undefined) return;
		const name = resource;
		resource = undefined;
		if (isActive !== undefined) live.setActive(isActive);
		live.connect(name);
	}

	/** A mistake of ours: it would be the same at the next attempt. */
	function failed(thrown: unknown): void {
		if (!hasFailed) reportError(thrown);
		hasFailed = true;
		if (resource !== undefined) events.state('offline', false);
		resource = undefined;
	}

	function begin(): void {
		events.state('connecting', false);
		load().catch(failed);
	}

	const early: Stream = {
		connect(name) {
			resource = name;
			begin();
		},
		async close() {
			isClosed = true;
			clearTimeout(retry);
			retry = undefined;
			resource = undefined;
			events.state('offline', false);
		},
		wake() {
			if (retry !== undefined) begin();
		},
		setActive(active) {
			isActive = active;
		},
		forgetSession: () => undefined,
		restart: () => undefined,
		send() {
			throw new XmppError('offline');
		},
		stanzaLimit: DEFAULT_STANZA_LIMIT,
		sizeOf() {
			throw new XmppError('offline');
		},
	};
	load().catch(failed);

	// What is taken off before stanza is there must find it later.
	return new Proxy({} as Connection, {
		get(_, name) {
			const key = name as keyof Connection;
			if (key === 'stanzaLimit') return (live ?? early).stanzaLimit;
			if (!isOfStream(early, key)) return lateArea(() => live?.[key]);
			return (...given: never[]) =>
				((live ?? early)[key] as (...given: never[]) => unknown)(...given);
		},
	});
}

function isOfStream(stream: Stream, key: keyof Connection): key is keyof Stream {
	return Object.hasOwn(stream, key);
}

/** An area of requests, which reject until it is there. */
function lateArea<A extends object>(find: () => A | undefined): A {
	return new Proxy({} as A, {
		get:
			(_, name) =>
			async (...given: unknown[]) => {
				const area = find();
				if (area === undefined) throw new XmppError('offline');
				return (area[name as keyof A] as (...given: unknown[]) => unknown)(...given);
			},
	});
}
