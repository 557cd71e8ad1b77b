import { vi } from 'vitest';
import { type Messenger, makeMessenger } from '../../../src/chat/account/messenger.ts';
import type { PutCiphertext } from '../../../src/media/put-ciphertext.ts';
import type { OmemoTransport } from '../../../src/omemo/omemo-transport.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import type { Connection, ConnectionEvents } from '../../../src/xmpp/connection.ts';
import type { UploadService } from '../../../src/xmpp/extensions/upload.ts';
import type { IncomingMessage, OutgoingMessage } from '../../../src/xmpp/message.ts';
import type { Contact } from '../../../src/xmpp/roster.ts';
import { XmppError } from '../../../src/xmpp/xmpp-error.ts';

export const ME = 'me@a.example';
const PAGE = 50;

type Archived = IncomingMessage & { readonly archiveId: string };

/** A server in memory, and the line to it: to be given to the messenger in the place of `makeConnection`. */
export class FakeServer {
	readonly archive: Archived[] = [];
	/** each message that came through, as often as it did */
	readonly taken: OutgoingMessage[] = [];
	contacts: readonly Contact[] = [];
	upload: () => Promise<UploadService | undefined> = async () => undefined;
	/** stands in front of each page of the archive */
	archiveGate: () => Promise<void> = async () => undefined;
	/** asked for, by what it is */
	readonly asked: string[] = [];
	/** its device lists and bundles, where there are any */
	omemo: OmemoTransport | undefined;
	line: Line | undefined;
	#ids = 0;

	/** For `vi.mock` of connection.ts. */
	readonly makeConnection = ({ events }: { events: ConnectionEvents }): Connection => {
		const line = new Line(this, events);
		return line.connection;
	};

	/** A message by somebody: into the archive, and to who is online. */
	says(from: string, id: string, given: Partial<IncomingMessage>): void {
		this.#ids += 1;
		const message: Archived = {
			...{ from, fromFull: `${from}/phone`, to: ME, isOwn: false, peer: from, id },
			...{ isError: false, time: Date.now(), isDelayed: false, wantsReceipt: true },
			...{ isMarkable: false, archiveId: `a${String(this.#ids).padStart(6, '0')}` },
			...given,
		};
		this.archive.push(message);
		this.line?.tell(message);
	}

	/** A message of ours has come through. */
	take(stanza: OutgoingMessage): void {
		this.taken.push(stanza);
		if (!stanza.store || (stanza.body ?? stanza.encrypted) === undefined) return;
		this.#ids += 1;
		const { id, to, body, encrypted, replaces } = stanza;
		this.archive.push({
			...{ from: ME, fromFull: `${ME}/x`, to, isOwn: true, peer: to, id },
			...{ isError: false, time: Date.now(), isDelayed: true, wantsReceipt: false },
			...{ isMarkable: false, archiveId: `a${String(this.#ids).padStart(6, '0')}` },
			...(body === undefined ? {} : { body }),
			...(encrypted === undefined ? {} : { encrypted }),
			...(replaces === undefined ? {} : { replaces }),
		});
	}

	page({ after, before, peer }: { after?: string; before?: string; peer?: string }) {
		const all = this.archive.filter((one) => peer === undefined || one.peer === peer);
		const behind = all.filter(({ archiveId }) => after === undefined || archiveId > after);
		const found =
			before === undefined
				? behind.slice(0, PAGE)
				: all.filter(({ archiveId }) => before === '' || archiveId < before).slice(-PAGE);
		const [first, last] = [found[0]?.archiveId, found.at(-1)?.archiveId];
		const ends = first === undefined || last === undefined ? {} : { first, last };
		return { messages: found, complete: found.length < PAGE, ...ends };
	}
}

const refuse = () => Promise.reject(new XmppError('refused'));
/** A request, or an area of them, that the server has nothing for. */
const REFUSING = new Proxy(refuse, { get: () => refuse });

/** One session after the other with the server, as XEP-0198 has them. */
export class Line {
	readonly connection: Connection;
	readonly #server: FakeServer;
	readonly #events: ConnectionEvents;
	isUp = false;
	isDead = false;
	/** written, and not taken by the server yet */
	underway: OutgoingMessage[] = [];
	/** taken, and not acknowledged yet */
	unacked: OutgoingMessage[] = [];
	/** told, and not counted as handled yet */
	uncounted: Archived[] = [];
	hasSession = false;

	constructor(server: FakeServer, events: ConnectionEvents) {
		this.#server = server;
		this.#events = events;
		const asks =
			<T>(name: string, work: () => T | Promise<T>) =>
			async (): Promise<T> => {
				server.asked.push(name);
				if (!this.isUp) throw new XmppError('offline');
				return work();
			};
		const given: Partial<Connection> = {
			connect: () => {
				server.line = this;
				this.begin();
			},
			close: async () => {
				this.isDead = true;
				this.isUp = false;
			},
			wake: () => undefined,
			restart: () => {
				this.end('line', false);
				setTimeout(() => this.begin(), 2000);
			},
			setActive: () => undefined,
			send: (stanza) => {
				if (!this.isUp && !this.isDead) throw new XmppError('offline');
				this.underway.push(stanza);
			},
			forgetSession: () => {
				this.hasSession = false;
			},
			stanzaLimit: 65_536,
			sizeOf: (stanza) => JSON.stringify(stanza).length,
			blocking: { fetch: asks('blocked', () => []), set: refuse },
			upload: { findService: asks('upload', () => server.upload()), requestSlot: refuse },
			devices: server.omemo ?? {
				fetchDeviceList: asks('list', () => undefined),
				publishDeviceList: asks('', () => undefined),
				fetchBundle: asks('', () => undefined),
				publishBundle: asks('', () => undefined),
			},
			discovery: { supports: asks('', () => false) },
			roster: {
				fetch: asks('contacts', () => server.contacts),
				// Taken, while the roster says nothing of it yet.
				add: asks('', () => undefined),
				rename: refuse,
				remove: refuse,
				accept: refuse,
				deny: refuse,
			},
			archive: {
				async fetch(query) {
					await asks('archive', () => server.archiveGate())();
					return server.page(query);
				},
			},
		};
		this.connection = new Proxy(given as Connection, {
			get: (target, name) => (target as unknown as Record<PropertyKey, unknown>)[name] ?? REFUSING,
		});
	}

	/** A stream begins; a session is resumed where there is one. */
	begin(): void {
		if (this.isDead || this.isUp) return;
		this.isUp = true;
		const isResumed = this.hasSession;
		this.hasSession = true;
		this.#events.bound(ME);
		this.#events.state('online', isResumed);
		if (!isResumed) {
			this.underway = [];
			this.unacked = [];
			this.uncounted = [];
			return;
		}
		for (const message of this.uncounted.splice(0)) this.tell(message);
	}

	/** `keepsSession`: the next stream resumes it. */
	end(by: 'server' | 'line', keepsSession: boolean): void {
		if (!this.isUp) return;
		this.isUp = false;
		this.hasSession = keepsSession;
		this.#events.ended(by);
		this.#events.state('offline', false);
	}

	asksToBeContact(jid: string): void {
		this.#events.subscriptionRequest(jid);
	}

	tell(message: Archived): void {
		if (this.isDead) return;
		this.uncounted.push(message);
		if (!this.isUp) return;
		const session = this.uncounted;
		void Promise.resolve(this.#events.message(message)).then(
			() => {
				const at = session.indexOf(message);
				if (at >= 0) session.splice(at, 1);
			},
			() => undefined,
		);
	}

	/** The server takes so many stanzas, and acknowledges them, or not yet. */
	take(count = Number.POSITIVE_INFINITY, acknowledges = true): void {
		if (!this.isUp) return;
		for (const stanza of this.underway.splice(0, count)) {
			this.#server.take(stanza);
			this.unacked.push(stanza);
		}
		if (!acknowledges) return;
		for (const { id } of this.unacked.splice(0)) this.#events.acked(id);
	}
}

/** A messenger on a vault; `put` uploads its files. */
export function makePage(vault: Vault, put?: PutCiphertext): Messenger {
	const told = { online: () => undefined, refused: () => undefined };
	const credentials = { account: ME, password: 'secret', url: 'wss://a.example/' };
	return makeMessenger(vault, credentials, told, put && { put });
}

/** reads and writes that are under way */
let busy = 0;
async function counted<T>(work: Promise<T>): Promise<T> {
	busy += 1;
	try {
		return await work;
	} finally {
		busy -= 1;
	}
}

/** A vault whose reads and writes `settled` waits for; `gate` may refuse one, or never let it end. */
export function gatedVault(
	vault: Vault,
	gate: (kind: 'read' | 'write') => void | Promise<void>,
): Vault {
	const { chat } = vault;
	return {
		...vault,
		chat: {
			...chat,
			async get(...all) {
				await gate('read');
				return counted(chat.get(...all));
			},
			async getMany(...all) {
				await gate('read');
				return counted(chat.getMany(...all));
			},
			has: (...all) => counted(chat.has(...all)),
			async page(...all) {
				await gate('read');
				return counted(chat.page(...all));
			},
			claim: (...all) => counted(chat.claim(...all)),
			put: (...all) => counted(chat.put(...all)),
			async write(...all) {
				await gate('write');
				await counted(chat.write(...all));
				await gate('read');
			},
			removeAll: (...all) => counted(chat.removeAll(...all)),
		},
	};
}

const sleep = setTimeout;

/** Lets all that is under way come to its end, but for timers. */
export async function settled(): Promise<void> {
	for (let quiet = 0; quiet < 6; quiet++) {
		await new Promise((resolve) => setImmediate(resolve));
		if (busy > 0) quiet = 0;
	}
}

/** The same where there is encrypting, too. */
export async function settledSlowly(): Promise<void> {
	for (let n = 0; n < 3; n++) {
		await new Promise((resolve) => sleep(resolve, 2));
		await settled();
	}
}

/** Lets time pass, and what falls due in it come to its end. */
export async function pass(milliseconds: number, step = 1000): Promise<void> {
	for (let at = 0; at < milliseconds; at += step) {
		await vi.advanceTimersByTimeAsync(step);
		await settled();
	}
}
