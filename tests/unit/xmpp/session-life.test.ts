import { afterEach, describe, expect, it, vi } from 'vitest';
import { bindingOf, Line, ME, type Told, YOU } from './support.ts';

let line: Line;
afterEach(async () => {
	vi.useRealTimers();
	await line.close();
});

const NAMES: readonly string[] = ['state', 'bound', 'ended'];
const life = (told: readonly Told[]) => told.filter(([name]) => NAMES.includes(name));
const streamError = (condition: string) =>
	`<error xmlns="http://etherx.jabber.org/streams"><${condition} xmlns="urn:ietf:params:xml:ns:xmpp-streams"/></error>`;

/** A socket that the test can close with any code. */
class Socket extends EventTarget {
	readyState = 1;
	closes(code: number): void {
		this.dispatchEvent(Object.assign(new Event('close'), { code }));
	}
}

async function ends(): Promise<void> {
	line.wire.agent.emit('--transport-disconnected');
	await vi.waitFor(() => expect(line.told.some(([name]) => name === 'ended')).toBe(true));
}

describe('the account', () => {
	it('is what the server has bound, before the session is there', async () => {
		line = await Line.open();
		expect(life(line.before)).toEqual([
			['state', 'connecting', false],
			['state', 'connecting', false],
			['bound', ME],
			['state', 'online', false],
		]);
	});

	it('is what messages are read for, if the server writes it differently', async () => {
		line = await Line.open({
			account: 'strauß@a.example',
			bound: bindingOf('strauss@a.example/web'),
		});
		expect(line.before).toContainEqual(['bound', 'strauss@a.example']);
		await line.wire.receive(
			`<message xmlns="jabber:client" type="chat" from="${YOU}/x" to="strauss@a.example" id="m"><body>hi</body></message>`,
			`<message xmlns="jabber:client" from="strauss@a.example" to="strauss@a.example/web"><sent xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0"><message xmlns="jabber:client" type="chat" from="strauss@a.example/phone" to="${YOU}" id="n"><body>ho</body></message></forwarded></sent></message>`,
		);
		expect(line.told).toMatchObject([
			['message', { body: 'hi', isOwn: false, to: 'strauss@a.example' }],
			['message', { body: 'ho', isOwn: true, peer: YOU }],
		]);
	});

	it.each(['me@evil.example/web', 'a.example/web', 'nobody', '@', ''])(
		'is not what another server could have given: %s',
		async (jid) => {
			line = await Line.unbound(bindingOf(jid));
			expect(line.told.map(([name]) => name)).not.toContain('bound');
			expect(line.told).not.toContainEqual(['state', 'online', false]);
		},
	);
});

describe('a resource that is taken', () => {
	it('gets something added for this session', async () => {
		line = await Line.open({
			bound: `<iq xmlns="jabber:client" type="error" id="s1"><error type="cancel"><conflict xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
			rebound: bindingOf(`${ME}/web.1234`, 's2'),
		});
		expect(line.opening[0]).toContain('<resource>web</resource>');
		expect(line.opening[1]).toMatch(/<resource>web\.[0-9a-f]{8}<\/resource>/);
		expect(life(line.before).at(-1)).toEqual(['state', 'online', false]);
	});
});

describe('a stream that ends', () => {
	it.each([
		['policy-violation', 'server'],
		['not-well-formed', 'server'],
		['system-shutdown', 'line'],
		['reset', 'line'],
	])('by %s: %s', async (condition, by) => {
		line = await Line.open();
		await line.wire.receive(streamError(condition));
		await ends();
		expect(life(line.told)).toEqual([
			['ended', by],
			['state', 'offline', false],
		]);
	});

	it('by the server closing it', async () => {
		line = await Line.open();
		line.wire.agent.emit('stream:end');
		await ends();
		expect(line.told[0]).toEqual(['ended', 'server']);
	});

	it.each([
		[1000, 'line'],
		[1001, 'line'],
		[1006, 'line'],
		[1011, 'line'],
		[1002, 'server'],
		[1003, 'server'],
		[1007, 'server'],
		[1008, 'server'],
		[1009, 'server'],
	])('by a socket that is closed with %d: %s', async (code, by) => {
		line = await Line.open();
		const socket = new Socket();
		Object.assign(line.wire.agent.transport ?? {}, { socket });
		line.wire.agent.emit('connected');
		line.told.length = 0;
		socket.closes(code);
		await ends();
		expect(line.told[0]).toEqual(['ended', by]);
	});

	it('because another has our resource is not begun again', async () => {
		line = await Line.open();
		const connect = vi.spyOn(line.wire.agent, 'connect').mockResolvedValue(undefined as never);
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		await line.wire.receive(streamError('conflict'));
		await ends();
		expect(life(line.told)).toEqual([
			['ended', 'line'],
			['state', 'superseded', false],
		]);
		vi.advanceTimersByTime(600_000);
		line.connection.wake();
		expect(connect).not.toHaveBeenCalled();
	});
});

describe('a session that is forgotten', () => {
	it('is not resumed, and nothing of it is sent again', async () => {
		line = await Line.open();
		line.connection.send({ id: 'm1', to: YOU, body: 'hi', store: true });
		await line.wire.receive();
		const { sm } = line.wire.agent;
		expect(sm.unacked).not.toEqual([]);
		line.connection.forgetSession();
		expect(sm.id).toBe('session');
		await ends();
		expect(sm.id).toBe('');
		expect(sm.unacked).toEqual([]);
	});

	it('also if it is over already', async () => {
		line = await Line.open();
		line.connection.send({ id: 'm1', to: YOU, body: 'hi', store: true });
		await line.wire.receive();
		await ends();
		expect(line.wire.agent.sm.id).toBe('session');
		line.connection.forgetSession();
		expect(line.wire.agent.sm.id).toBe('');
		expect(line.wire.agent.sm.unacked).toEqual([]);
	});
});

describe('signing in', () => {
	const failure = (condition: string) =>
		`<failure xmlns="urn:ietf:params:xml:ns:xmpp-sasl"><${condition}/></failure>`;
	const signIn = async (mechanism = 'SCRAM-SHA-1') => {
		const [features, connect] = [
			`<features xmlns="http://etherx.jabber.org/streams"><mechanisms xmlns="urn:ietf:params:xml:ns:xmpp-sasl"><mechanism>${mechanism}</mechanism></mechanisms></features>`,
			vi.spyOn(line.wire.agent, 'connect').mockResolvedValue(undefined as never),
		];
		line.wire.agent.emit('--reset-stream-features');
		await line.wire.receive(features);
		return connect;
	};

	it('fails for good where the server refuses the password', async () => {
		line = await Line.open();
		await signIn();
		await line.wire.receive(failure('not-authorized'));
		await ends();
		expect(line.told.at(-1)).toEqual(['state', 'auth-failed', false]);
	});

	it.each(['PLAIN', 'X-OAUTH2', 'SCRAM-SHA-1-PLUS'])(
		'fails for good, and the password is not called wrong, where the server offers only %s',
		async (mechanism) => {
			line = await Line.open();
			await signIn(mechanism);
			await ends();
			expect(line.told.at(-1)).toEqual(['state', 'no-scram', false]);
		},
	);

	it('is tried again where the server cannot look it up just now', async () => {
		line = await Line.open();
		await signIn();
		await line.wire.receive(failure('temporary-auth-failure'));
		await ends();
		expect(line.told.at(-1)).toEqual(['state', 'offline', false]);
	});
});
