import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import {
	type Connection,
	type ConnectionState,
	makeConnection,
} from '../../src/xmpp/connection.ts';
import { listenTo } from '../../tools/listen-to.ts';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { startWire, type Wire } from './wire.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
let server: ProsodyServer;
let wire: Wire;
let connection: Connection;
let states: [state: ConnectionState, resumed: boolean][];
let came: (string | undefined)[];
let acked: string[];
let endings: string[];

beforeAll(async () => {
	server = await startProsody({
		folder,
		accounts: ['alice', 'bob'].map((user) => ({ user, password: user })),
	});
}, 60_000);

afterAll(async () => {
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
	wire = await startWire(server);
	// stanza says there what is meant to happen here.
	vi.spyOn(console, 'error').mockImplementation(() => undefined);
	// The minutes that a line keeps silent are not waited for.
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
	[states, came, acked, endings] = [[], [], [], []];
});

afterEach(async () => {
	await connection?.close();
	vi.useRealTimers();
	vi.restoreAllMocks();
	await wire.close();
});

function connect(url = wire.server.websocket): void {
	// What the last one has still to tell is not this one's.
	const own = endings;
	connection = makeConnection({
		account: 'alice@localhost',
		password: 'alice',
		url,
		events: listenTo({
			state: (...told) => void states.push(told),
			message: async ({ body }) => void came.push(body),
			acked: (id) => void acked.push(id),
			ended: (by) => void own.push(by),
		}),
	});
	connection.connect('balcony');
}

/** Waits for what really happens, while the clock stands. */
async function until(look: () => boolean): Promise<void> {
	while (!look()) await new Promise((resolve) => setImmediate(resolve));
}

const state = () => states.at(-1)?.[0];
const isOnline = () => state() === 'online';
/** A session with which all is well: all that was sent is acknowledged. */
async function settle(): Promise<void> {
	connect();
	await until(isOnline);
	await until(() => wire.log.some(({ xml }) => xml.startsWith('<enabled')));
	connection.send({ id: 'first', to: 'bob@localhost', body: 'x', store: false });
	await until(() => acked.includes('first'));
	wire.log.length = 0;
}
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

/** From what the server says with this on, nothing comes through of it; only on the line that is up then. */
function swallowFrom(sign: string | undefined, who: 'server' | 'client' = 'server') {
	let swallowing: number | undefined;
	wire.pass = (xml, from, line) => {
		if (swallowing === undefined && from === who && (sign === undefined || xml.includes(sign)))
			swallowing = line.number;
		return swallowing === line.number ? undefined : xml;
	};
	return { hasBegun: () => swallowing !== undefined };
}

it('a port that takes the call and says nothing is given up', async () => {
	let calls = 0;
	const sockets = new Set<net.Socket>();
	const deaf = net.createServer((socket) => {
		calls += 1;
		sockets.add(socket);
		socket.on('error', () => undefined);
	});
	deaf.listen(0, '127.0.0.1');
	await once(deaf, 'listening');
	connect(`ws://127.0.0.1:${(deaf.address() as net.AddressInfo).port}/xmpp-websocket`);
	await until(() => calls === 1);
	await pass(19);
	expect(state()).toBe('connecting');
	await pass(1);
	await until(() => state() === 'offline');
	await pass(3);
	await until(() => calls === 2);
	await connection.close();
	for (const socket of sockets) socket.destroy();
	deaf.close();
});

it.each([
	['after the socket is open', '<open'],
	['before it is asked for the password', 'mechanisms'],
	['when it is to answer the password', '<challenge'],
	['when it is to let us in', '<success'],
	['after it has let us in', 'urn:ietf:params:xml:ns:xmpp-bind'],
	['when it is to give us our address', "type='result'"],
])('a server that keeps silent %s is given up, and called again', async (_, sign) => {
	const { hasBegun } = swallowFrom(sign);
	connect();
	await until(hasBegun);
	await pass(20);
	await until(() => state() === 'offline');
	await pass(3);
	await until(isOnline);
});

it('a server that does not say whether the session goes on is called again; it goes on then', async () => {
	await settle();
	const { hasBegun } = swallowFrom('<resumed');
	wire.cut();
	await until(() => state() === 'offline');
	await pass(3);
	await until(hasBegun);
	await pass(20);
	await until(() => state() === 'offline');
	await pass(5);
	await until(isOnline);
	expect(states.at(-1)).toEqual(['online', true]);
});

it('a quiet line that swallows everything is noticed, and nothing that came meanwhile is lost', async () => {
	await settle();
	swallowFrom(undefined);
	await say('for alice');
	await pass(45);
	await until(() => wire.log.some(({ xml }) => xml.startsWith('<r ')));
	expect(isOnline()).toBe(true);
	await pass(15);
	await until(() => state() === 'offline');
	await pass(3);
	await until(isOnline);
	expect(states.at(-1)).toEqual(['online', true]);
	await until(() => came.includes('for alice'));
	expect(came).toEqual(['for alice']);
});

it('a line that swallows what is sent is noticed within 16 seconds, and it is sent again', async () => {
	await settle();
	swallowFrom('id="lost"', 'client');
	connection.send({ id: 'lost', to: 'bob@localhost', body: 'y', store: false });
	await until(() => wire.log.some(({ xml }) => xml.includes('id="lost"')));
	await pass(16);
	await until(() => state() === 'offline');
	await pass(3);
	await until(() => acked.includes('lost'));
	expect(states.at(-1)).toEqual(['online', true]);
	expect(acked).toEqual(['first', 'lost']);
});

it.each([
	['conflict', 'line', 'superseded'],
	['system-shutdown', 'line', 'offline'],
	['policy-violation', 'server', 'offline'],
	['', 'line', 'offline'],
] as const)(
	'a stream that ends with "%s" and a close frame was ended by the %s',
	async (condition, by, next) => {
		await settle();
		let end = (): void => undefined;
		wire.pass = (xml, _, line) => {
			end = () => line.end(condition, 1000);
			return xml;
		};
		connection.send({ id: 'second', to: 'bob@localhost', body: 'x', store: false });
		await until(() => acked.includes('second'));
		end();
		await until(() => state() === next);
		expect(endings).toEqual([by]);
	},
);

/** Says something to alice over a line of its own. */
async function say(body: string): Promise<void> {
	const acks: string[] = [];
	let online = false;
	const sender = makeConnection({
		account: 'bob@localhost',
		password: 'bob',
		url: server.websocket,
		events: listenTo({
			state: (next) => {
				online = next === 'online';
			},
			acked: (id) => void acks.push(id),
		}),
	});
	sender.connect('sender');
	await until(() => online);
	// Counted only once the session can be resumed.
	await sender.roster.fetch();
	sender.send({ id: 'said', to: 'alice@localhost', body, store: true });
	await until(() => acks.includes('said'));
	await sender.close();
}
