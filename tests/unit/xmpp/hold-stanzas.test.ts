import { type Agent, createClient } from 'stanza';
import { beforeEach, expect, it, vi } from 'vitest';
import { holdStanzas } from '../../../src/xmpp/extensions/stream-management/hold-stanzas.ts';

let agent: Agent;
let written: string[];

/** A line whose socket is not open yet. */
function dial(): void {
	agent.transport = {
		hasStream: true,
		connect: () => undefined,
		restart: () => undefined,
		disconnect: () => undefined,
		send: async (kind, data) =>
			void written.push(String(data?.['id'] ?? `${kind} ${data?.['type']}`)),
	};
}

/** A line on which the session is not resumed yet. */
function connect(): void {
	agent.sm.started = false;
	agent.emit('connected');
}

const features = () => agent.emit('features', { streamManagement: {}, bind: {} } as never);
const say = (id: string) => agent.send('message', { id, to: 'you@b.example' });
const hear = (sm: object) => agent.emit('stream:data', sm as never, 'sm');
const resumed = { type: 'resumed', previousSession: 'session', handled: 1 };
const settled = (expected: string[]) =>
	vi.waitFor(() => expect(written.filter((text) => text !== 'sm request')).toEqual(expected));

beforeEach(() => {
	agent = createClient({ jid: 'me@a.example' });
	holdStanzas(agent);
	written = [];
	agent.sm.load({
		id: 'session',
		allowResume: true,
		handled: 0,
		lastAck: 0,
		unacked: [
			['message', { id: 'arrived', to: 'you@b.example' }],
			['message', { id: 'lost', to: 'you@b.example' }],
		],
	});
});

it('what is said while a session waits to be resumed is written once, after what is sent again', async () => {
	await say('offline');
	dial();
	say('before');
	await new Promise((resolve) => setImmediate(resolve));
	connect();
	features();
	await settled(['sm resume']);
	say('meanwhile');
	await new Promise((resolve) => setImmediate(resolve));
	await settled(['sm resume']);
	hear(resumed);
	await settled(['sm resume', 'lost', 'offline', 'before', 'meanwhile']);
	await say('afterwards');
	await settled(['sm resume', 'lost', 'offline', 'before', 'meanwhile', 'afterwards']);
});

it('an attempt that was cut off does not begin a second session beside the first', async () => {
	dial();
	connect();
	features();
	await settled(['sm resume']);
	dial();
	connect();
	features();
	await settled(['sm resume', 'sm resume']);
	written = [];
	agent.nextId = () => 'bind';
	hear({ type: 'failed' });
	await vi.waitFor(() => expect(written).toContain('bind'));
	await new Promise((resolve) => setImmediate(resolve));
	expect(written).toEqual(['bind']);
});

it('nothing is written to a socket that is not open: that would be its end', async () => {
	agent.sm.load({ id: '', allowResume: true, handled: 0, lastAck: 0, unacked: [] });
	dial();
	const socket = { readyState: 0 };
	Object.assign(agent.transport ?? {}, { socket });
	await say('too early');
	socket.readyState = 1;
	await say('in time');
	await settled(['in time']);
});
