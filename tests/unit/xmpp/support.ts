import { readdirSync, readFileSync } from 'node:fs';
import { type Agent, Client, JXT } from 'stanza';
import { describe, expect, it, vi } from 'vitest';
import type { Connection, ConnectionEvents } from '../../../src/xmpp/connection.ts';
import type { IncomingMessage } from '../../../src/xmpp/message.ts';
import { readFrame } from '../../../src/xmpp/read-frame.ts';
import { makeStanzaConnection } from '../../../src/xmpp/stanza-connection.ts';

export const ME = 'me@a.example';
export const YOU = 'you@b.example';
export const NOW = Date.UTC(2026, 0, 31, 12);

const STANZAS = 'tests/vectors/stanzas';
export const FEATURES = `<stream:features xmlns:stream="http://etherx.jabber.org/streams">
	<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/>
	<sm xmlns="urn:xmpp:sm:3"/>
	<csi xmlns="urn:xmpp:csi:0"/>
</stream:features>`;
/** What a server binds. */
export const bindingOf = (
	jid: string,
	id = 's1',
) => `<iq xmlns="jabber:client" type="result" id="${id}">
	<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><jid>${jid}</jid></bind>
</iq>`;
const BOUND = bindingOf(`${ME}/web`);
const ENABLED = '<enabled xmlns="urn:xmpp:sm:3" id="session" resume="true"/>';

type WithQueues = Agent & Pick<Client, 'incomingDataQueue' | 'outgoingDataQueue'>;

/** What a connection tells, with its arguments. */
export type Told = {
	[K in keyof ConnectionEvents]: [K, ...Parameters<ConnectionEvents[K]>];
}[keyof ConnectionEvents];

/** A message by `YOU` to `ME` as it is told, but for what is given. */
export function message(given: Partial<IncomingMessage>): Told {
	const plain = {
		from: YOU,
		fromFull: `${YOU}/phone`,
		to: ME,
		isOwn: false,
		peer: YOU,
		isError: false,
		time: NOW,
		isDelayed: false,
		wantsReceipt: false,
		isMarkable: false,
	};
	return ['message', { ...plain, ...given }];
}

/** An agent of stanza's whose server is the test: stanzas go in and out as XML, through its own parser and writer. */
export class Wire {
	/** the stanzas that it sent */
	readonly sent: string[] = [];
	readonly agent: WithQueues;
	/** how many came */
	received = 0;
	/** what it said of stream management */
	readonly counts: JXT.JSONData[] = [];
	/** what the server will say: an answer goes out when it was asked for, and with it all that stands before it */
	#answers: string[] = [];
	#ids = 0;

	/** Takes the agent that `start` makes and connects. */
	constructor(start: () => void) {
		let agent: unknown;
		const connect = vi.spyOn(Client.prototype, 'connect').mockImplementation(async function (
			this: Client,
		) {
			agent = this;
		});
		start();
		connect.mockRestore();
		this.agent = agent as WithQueues;
		this.nameIds('q');
		this.revive();
		this.agent.emit('connected');
	}

	/** Gives it a line again, after one that ended. */
	revive(): void {
		this.agent.transport = {
			hasStream: true,
			connect: () => undefined,
			restart: () => undefined,
			disconnect: () => void this.agent.emit('--transport-disconnected'),
			send: async (kind, data) => this.#send(kind, data),
		};
	}

	/** The ids that it makes from now on are this and a number. */
	nameIds(prefix: string): void {
		this.#ids = 0;
		this.agent.nextId = () => {
			this.#ids += 1;
			return `${prefix}${this.#ids}`;
		};
	}

	#send(kind: string, data?: JXT.JSONData): void {
		if (data === undefined) return;
		if (kind === 'sm' && data['type'] === 'enable') this.#parse(ENABLED);
		// Acknowledgements belong to the stream, not to what is said.
		if (kind === 'sm') {
			this.counts.push(data);
			return;
		}
		const xml = String(this.agent.stanzas.export(kind, data));
		this.sent.push(xml);
		const id = idOf(xml);
		const at = this.#answers.findLastIndex((stanza) => isAnswer(stanza) && idOf(stanza) === id);
		for (const stanza of this.#answers.splice(0, at + 1)) this.#parse(stanza);
	}

	#parse(xml: string): void {
		const frames = readFrame(this.agent.stanzas, xml);
		if (frames === undefined) throw new SyntaxError(`no frame: ${xml.slice(0, 200)}`);
		for (const { kind, stanza } of frames) {
			if (['message', 'presence', 'iq'].includes(kind ?? '')) this.received += 1;
			this.agent.emit('stream:data', stanza as never, kind as never);
		}
	}

	/** Has these stanzas ready as answers. */
	answer(stanzas: readonly string[]): void {
		this.#answers.push(...stanzas);
	}

	/** Answers that nobody has asked for. */
	unasked(): string[] {
		return this.#answers.splice(0);
	}

	/** Says these stanzas; resolves when they were dealt with, and what was sent because of them is out. */
	async receive(...stanzas: string[]): Promise<void> {
		for (const stanza of stanzas) this.#parse(stanza);
		await this.agent.incomingDataQueue.drain();
		await this.agent.outgoingDataQueue.drain();
	}
}

/** A connection that is online. */
export class Line {
	readonly connection: Connection;
	readonly wire: Wire;
	clock = NOW;
	/** who may learn that we are there */
	readonly known = new Set([YOU]);
	/** what the connection told since it was online */
	readonly told: Told[] = [];
	/** what it told before that */
	readonly before: Told[] = [];
	/** what it sent before that */
	readonly opening: string[] = [];
	/** what becomes of a message that it tells */
	keeping: (() => Promise<void>) | undefined;

	private constructor(given: { account?: string; login?: string } = {}) {
		const tell = <K extends keyof ConnectionEvents>(name: K) =>
			((...told: unknown[]) => {
				this.told.push([name, ...told] as Told);
				return name === 'message' ? this.keeping?.() : undefined;
			}) as ConnectionEvents[K];
		this.connection = makeStanzaConnection({
			account: ME,
			...given,
			password: 'a secret',
			url: 'wss://a.example/xmpp-websocket',
			now: () => this.clock,
			mayLearnPresence: (jid) => this.known.has(jid),
			events: new Proxy({} as ConnectionEvents, {
				get: (_, name) => tell(name as keyof ConnectionEvents),
			}),
		});
		this.wire = new Wire(() => this.connection.connect('web'));
	}

	/** A connection whose server binds something that is no session of ours. */
	static async unbound(bound: string): Promise<Line> {
		const line = new Line();
		line.wire.nameIds('s');
		line.wire.answer([bound]);
		await line.wire.receive(FEATURES);
		const ends: readonly unknown[] = ['offline', 'auth-failed'];
		await vi.waitFor(() => expect(ends).toContain(line.told.at(-1)?.[1]));
		return line;
	}

	/** `features` are what the server can do. */
	static async open({
		features = FEATURES,
		bound = BOUND,
		rebound,
		...given
	}: {
		features?: string;
		bound?: string;
		/** the answer to a second attempt */
		rebound?: string;
		account?: string;
		login?: string;
	} = {}): Promise<Line> {
		const line = new Line(given);
		const { wire } = line;
		wire.nameIds('s');
		wire.answer([bound, ...(rebound === undefined ? [] : [rebound])]);
		await wire.receive(features);
		const { negotiated } = wire.agent.features;
		const last = features.includes('urn:xmpp:sm:3') ? 'streamManagement' : 'bind';
		while (negotiated[last] !== true) await new Promise((resolve) => setImmediate(resolve));
		await wire.receive();
		line.before.push(...line.told.splice(0));
		line.opening.push(...wire.sent.splice(0));
		wire.nameIds('q');
		wire.received = wire.agent.sm.handled;
		return line;
	}

	/** Stanzas that came and that the server will not be told of (XEP-0198 section 4): it would send them again. */
	get uncounted(): number {
		return this.wire.received - this.wire.agent.sm.handled;
	}

	close(): Promise<void> {
		return this.connection.close();
	}
}

/** What is asked of a connection, and what must come of it. */
export interface Golden {
	/** begins it; what is sent then, and because of what comes, are the stanzas of `<name>.out.xml` */
	readonly does?: (connection: Connection) => unknown;
	/** what that resolves to */
	readonly gives?: unknown;
	/** or what it throws, or a part of it */
	readonly throws?: object;
	/** what the connection tells, in order, of `<name>.in.xml` */
	readonly tells?: readonly Told[];
}

/**
 * A test for each golden pair of a folder: `<name>.in.xml` is what the server says, `<name>.out.xml` what we say; either may
 * be absent. A file holds one stanza or several with empty lines between them, each with `xmlns="jabber:client"`. Ids that we
 * make are q1, q2 and so on.
 */
export function golden(folder: string, expected: Record<string, Golden>): void {
	describe(folder, () => {
		it.each(Object.entries(expected))('%s', async (name, { does, gives, throws, tells = [] }) => {
			const line = await Line.open();
			const { wire } = line;
			wire.answer(stanzasOf(folder, `${name}.in.xml`));
			try {
				const work = Promise.resolve(does?.(line.connection));
				if (throws === undefined) expect(await work).toEqual(gives);
				else await expect(work).rejects.toMatchObject(throws);
				await wire.receive(...wire.unasked());
				expect([...line.told]).toEqual(tells);
				expect(wire.sent.map(canonical)).toEqual(
					stanzasOf(folder, `${name}.out.xml`).map(canonical),
				);
				expect(line.uncounted).toBe(0);
			} finally {
				await line.close();
			}
		});

		it('expects something of each file', () => {
			const names = readdirSync(`${STANZAS}/${folder}`).map((file) =>
				file.replace(/\.(?:in|out)\.xml$/, ''),
			);
			expect([...new Set(names)].sort()).toEqual(Object.keys(expected).sort());
		});
	});
}

/** The stanzas of a file as they are on the wire: without comments, and without the space between elements. */
export function stanzasOf(folder: string, file: string): string[] {
	if (!readdirSync(`${STANZAS}/${folder}`).includes(file)) return [];
	const stanzas = readFileSync(`${STANZAS}/${folder}/${file}`, 'utf8')
		.replace(/<!--.*?-->/gs, '')
		.split(/\n\s*\n/)
		.map((stanza) => stanza.replace(/>\s+</g, '><').trim())
		.filter((stanza) => stanza !== '');
	// Without it nothing is read, and a test that expects nothing would pass.
	for (const stanza of stanzas)
		if (/^<(?:message|presence|iq)\b(?![^>]*\bxmlns=["']jabber:client["'])/.test(stanza))
			throw new SyntaxError(`${folder}/${file}: a stanza has no xmlns="jabber:client"`);
	return stanzas;
}

const CAPABILITIES = 'http://jabber.org/protocol/caps';

interface CanonicalElement {
	readonly name: string;
	readonly attributes: Record<string, string>;
	readonly children: readonly (CanonicalElement | string)[];
}

/**
 * The content of a stanza, in one way of writing it: children are sorted, and prefixes are gone. The hash of our capabilities
 * is left out, since each new extension changes it; capabilities.test.ts compares it with what is answered.
 */
export function canonical(xml: string): CanonicalElement {
	const read = (element: JXT.XMLElement): CanonicalElement => ({
		name: `{${element.getNamespace()}}${element.getName()}`,
		attributes: Object.fromEntries(
			Object.entries(element.attributes)
				.filter(([name, value]) => value !== undefined && !/^xmlns(?::|$)/.test(name))
				.filter(([name]) => !(name === 'ver' && element.getNamespace() === CAPABILITIES))
				.map(([name, value]) => [name, String(value)]),
		),
		children: element.children.map((child) => (typeof child === 'string' ? child : read(child))),
	});
	const { children, ...stanza } = read(JXT.parse(xml));
	const nameOf = (child: CanonicalElement | string) =>
		typeof child === 'string' ? child : child.name;
	return {
		...stanza,
		children: [...children].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
	};
}

function isAnswer(stanza: string): boolean {
	return /^<iq\b[^>]*\btype=["'](?:result|error)["']/.test(stanza);
}

function idOf(stanza: string): string | undefined {
	return /^<\w+\b[^>]*\bid=["']([^"']*)["']/.exec(stanza)?.[1];
}
