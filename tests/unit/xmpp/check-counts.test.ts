import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { times } from '../../what-runs.ts';
import { FEATURES, Line, YOU } from './support.ts';

const MOST = 2 ** 32;

let line: Line;
beforeEach(async () => {
	line = await Line.open();
});
afterEach(() => line.close());

const settle = async () => {
	await new Promise((resolve) => setImmediate(resolve));
	await line.wire.receive();
};
const sm = (text: string) => line.wire.receive(`<${text} xmlns="urn:xmpp:sm:3"/>`);
const acked = () => line.told.filter(([name]) => name === 'acked').map(([, id]) => id);
/** How many stanzas the server has got in this session, if it got all. */
const got = () => line.wire.agent.sm.lastAck + line.wire.agent.sm.unacked.length;

async function say(...ids: string[]): Promise<void> {
	for (const id of ids) line.connection.send({ id, to: YOU, body: id, store: true });
	await settle();
}

async function cut(): Promise<void> {
	line.wire.agent.emit('--transport-disconnected');
	await vi.waitFor(() => expect(line.told.at(-1)).toEqual(['state', 'offline', false]));
}

/** A new stream, on which the session is to be resumed. */
async function reconnect(): Promise<void> {
	line.wire.revive();
	line.wire.agent.sm.started = false;
	line.wire.agent.emit('connected');
	await line.wire.receive(FEATURES);
	await settle();
}

it('what the server has counted is acknowledged', async () => {
	await say('a', 'b');
	await sm(`a h="${got() - 1}"`);
	expect(acked()).toEqual(['a']);
	await sm(`a h="${got()}"`);
	expect(acked()).toEqual(['a', 'b']);
});

it.each([
	['less than before', () => got() - 3],
	['more than was sent', () => got() + 1],
	['far more', () => MOST - 1],
	['more than there are', () => MOST],
	['negative', () => -1],
	['no number', () => 'many'],
])('a count that is %s acknowledges nothing, and ends the session', async (_, count) => {
	await say('a');
	await sm(`a h="${got()}"`);
	await say('b', 'c');
	const ended = vi.waitFor(() => expect(line.told).toContainEqual(['ended', 'line']));
	await sm(`a h="${count()}"`);
	await ended;
	expect(acked()).toEqual(['a']);
	expect(line.wire.agent.sm.id).toBe('');
});

it('a count that is missing says nothing', async () => {
	await say('a');
	await sm('a');
	expect(acked()).toEqual([]);
	await sm(`a h="${got()}"`);
	expect(acked()).toEqual(['a']);
});

it('counts go round', async () => {
	line.wire.agent.sm.lastAck = MOST - 1;
	line.wire.agent.sm.unacked = [];
	await say('a', 'b');
	await sm('a h="1"');
	expect(acked()).toEqual(['a', 'b']);
});

describe('a session that is resumed', () => {
	beforeEach(async () => {
		await say('a', 'b');
		await cut();
	});

	it('goes on from what the server has counted', async () => {
		await reconnect();
		await sm(`resumed previd="session" h="${got() - 1}"`);
		await settle();
		expect(acked()).toEqual(['a']);
		expect(line.told.at(-1)).toEqual(['state', 'online', true]);
		expect(line.wire.sent.at(-1)).toContain('id="b"');
	});

	it.each([
		['more than was sent', () => `previd="session" h="${got() + 1}"`],
		['less than before', () => `previd="session" h="0"`],
		['a count that is none', () => 'previd="session" h="x"'],
		['no count', () => 'previd="session"'],
		['another session', () => `previd="other" h="${got()}"`],
		['no session', () => `h="${got()}"`],
	])('with %s is none', async (_, answer) => {
		line.wire.agent.sm.lastAck = 1;
		await reconnect();
		line.told.length = 0;
		const ended = vi.waitFor(() => expect(line.told).toContainEqual(['state', 'offline', false]));
		await sm(`resumed ${answer()}`);
		await ended;
		expect(acked()).toEqual([]);
		expect(line.told).not.toContainEqual(['state', 'online', true]);
		expect(line.wire.agent.sm.id).toBe('');
	});

	it('does not count what was only to be sent again', async () => {
		await line.wire.agent.send('message', { id: 'held', to: YOU, body: 'x' });
		await reconnect();
		await sm(`resumed previd="session" h="${got()}"`);
		await settle();
		expect(acked()).not.toContain('held');
	});

	it('may be gone, and say how far it came', async () => {
		const count = got() - 1;
		await reconnect();
		await sm(`failed h="${count}"`);
		await settle();
		expect(acked()).toEqual(['a']);
	});

	it('may be gone, and lie about how far it came', async () => {
		const count = got() + 1;
		await reconnect();
		await sm(`failed h="${count}"`);
		await settle();
		expect(acked()).toEqual([]);
	});
});

it('what was not asked for begins no session', async () => {
	const { sm: session } = line.wire.agent;
	await say('a');
	const handled = session.handled;
	await sm('enabled id="other" resume="true"');
	await sm('resumed previd="session" h="0"');
	await sm('failed');
	expect(session.id).toBe('session');
	expect(session.handled).toBe(handled);
	expect(session.unacked).not.toEqual([]);
	await sm(`a h="${got()}"`);
	expect(acked()).toEqual(['a']);
});

/** What can happen on a line, and what a server can say. */
const step = fc.oneof(
	{ weight: 4, arbitrary: fc.constant({ kind: 'say' as const }) },
	{ weight: 3, arbitrary: fc.record({ kind: fc.constant('get' as const), most: fc.nat(3) }) },
	{ weight: 2, arbitrary: fc.constant({ kind: 'count' as const }) },
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('lie' as const),
			h: fc.oneof(fc.integer({ min: -5, max: 60 }), fc.integer({ min: MOST - 5, max: MOST + 5 })),
			by: fc.constantFrom('a', 'resumed', 'failed', 'enabled'),
		}),
	},
	{ weight: 1, arbitrary: fc.constant({ kind: 'cut' as const }) },
);

it('whatever a server says, no message is acknowledged beyond what it counted', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
			await line.close();
			line = await Line.open();
			const base = got();
			const { agent } = line.wire;
			/** in this session, in order */
			let said: string[] = [];
			/** the highest number that the server has ever named that could be true */
			let named = 0;
			let hasSession = true;
			for (const [n, it] of steps.entries()) {
				const online = line.told.findLast(([name]) => name === 'state')?.[1] ?? 'online';
				if (online !== 'online' || !hasSession) break;
				if (it.kind === 'say') {
					await say(`m${n}`);
					said.push(`m${n}`);
				} else if (it.kind === 'get') {
					named = Math.min(said.length, named + it.most);
				} else if (it.kind === 'count') await sm(`a h="${base + named}"`);
				else if (it.kind === 'lie') {
					const isTrue = it.h - base >= acked().length && it.h - base <= said.length;
					if (isTrue && it.by === 'a') named = Math.max(named, it.h - base);
					await sm(
						`${it.by} ${it.by === 'a' ? '' : 'previd="session" id="x" resume="true" '}h="${it.h}"`,
					);
					await settle();
					hasSession = agent.sm.id === 'session';
				} else {
					await cut();
					await reconnect();
					await sm(`resumed previd="session" h="${base + named}"`);
					await settle();
					expect(line.told.at(-1)).toEqual(['state', 'online', true]);
					// What it had not got is said again, and counts on from there.
					said = [...said.slice(0, named), ...said.slice(named)];
				}
				expect(acked()).toEqual(said.slice(0, acked().length));
				expect(acked().length).toBeLessThanOrEqual(named);
			}
		}),
		{ numRuns: times(60, 20) },
	);
});
