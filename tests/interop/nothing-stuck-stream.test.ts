import { beforeAll, beforeEach, expect, it } from 'vitest';
import { eachOrFirst } from '../what-runs.ts';
import { type Person, until } from './person.ts';
import { useServer } from './use-server.ts';
import type { Wire, WireLine } from './wire.ts';

/** Bytes that a stanza may have where the server does not say (XEP-0478). */
const STANZA_LIMIT = 65_536;
/** Bytes that this server takes, and does not say so. */
const REAL_LIMIT = 30_000;
/** Milliseconds in which a message is there that nothing holds up. */
const AT_ONCE = 10_000;
/** Milliseconds in which a line is there again that was ended a few times. */
const AGAIN = 60_000;

/** Cuts of a bad line, for which no message is to blame. */
const MAX_CUTS = 8;

const home = useServer({ globals: `c2s_stanza_size_limit = ${REAL_LIMIT}` });
let wire: Wire;
let alice: Person;
let bob: Person;
let carol: Person;

beforeAll(async () => {
	bob = await home.join('bob');
	carol = await home.join('carol');
}, 60_000);

beforeEach(async () => {
	wire = await home.wire();
	alice = await home.join('alice', wire.server);
	await alice.befriend(bob);
	await alice.befriend(carol);
});

const fromAlice = () => wire.log.filter(({ from }) => from === 'client').map(({ xml }) => xml);
const connections = () => new Set(wire.log.map(({ line }) => line)).size;

it.each([
	['of 250 kB', 'x'.repeat(250_000)],
	['of 100 kB that are few letters', '😀'.repeat(25_000)],
	['that is too long once it is encrypted', 'x'.repeat(60_000)],
])('a text %s fails as too long, is not sent, and ends nothing', async (_, text) => {
	const before = connections();
	await alice.messenger.messages.send(bob.jid, text).catch(() => undefined);
	await alice.messenger.messages.send(bob.jid, 'after it');
	await alice.messenger.messages.send(carol.jid, 'beside it');
	await Promise.all([
		bob.received(alice, 'after it', AT_ONCE),
		carol.received(alice, 'beside it', AT_ONCE),
	]);
	await until('too long', async () =>
		(await alice.allMessages(bob)).some(
			(message) => message.text === text && message.problem === 'too-long',
		),
	);
	const { state } = await alice.own(bob, text);
	expect(state).toBe('failed');
	expect(Math.max(...fromAlice().map((xml) => Buffer.byteLength(xml)))).toBeLessThan(STANZA_LIMIT);
	expect(connections()).toBe(before);
	expect((await bob.allMessages(alice)).map(({ text }) => text)).toEqual(['after it']);
	// It stays what it was after a restart.
	await alice.restart();
	await alice.messenger.messages.send(bob.jid, 'and again');
	await bob.received(alice, 'and again');
	expect((await alice.own(bob, text)).state).toBe('failed');
});

/** Whatever comes over the line with the first text to carol in it meets `deed`; resolves to how often it came. */
function poison(deed: (line: WireLine, times: number) => boolean): () => number {
	let id: string | undefined;
	let times = 0;
	wire.pass = (xml, from, line) => {
		if (from !== 'client' || !xml.startsWith('<message') || !xml.includes('<payload>')) return xml;
		if (!xml.includes(`to="${carol.jid}"`)) return xml;
		const named = /\bid="([^"]*)"/.exec(xml)?.[1];
		id ??= named;
		if (named !== id) return xml;
		times += 1;
		return deed(line, times) ? undefined : xml;
	};
	return () => times;
}

const ENDS: [what: string, condition: string, code: number][] = [
	['a stream error', 'policy-violation', 1000],
	['a close frame alone', '', 1009],
	['another stream error', 'not-well-formed', 1000],
];

it.each(eachOrFirst(ENDS))(
	'what ends the stream with %s twice is set aside as failed, and the rest flows',
	async (_, condition, code) => {
		const passed = poison((line) => {
			line.end(condition, code);
			return true;
		});
		await alice.messenger.messages.send(carol.jid, 'poison');
		await alice.messenger.messages.send(carol.jid, 'behind it');
		await alice.messenger.messages.send(bob.jid, 'beside it');
		await until('behind it', async () => (await carol.allMessages(alice)).length > 0, AGAIN);
		await until('beside it', async () => (await bob.allMessages(alice)).length > 0, AGAIN);
		const texts = (await carol.allMessages(alice)).map(({ text }) => text);
		expect(texts).toEqual(['behind it']);
		expect((await bob.allMessages(alice)).map(({ text }) => text)).toEqual(['beside it']);
		const aside = await alice.own(carol, 'poison');
		expect(aside.state).toBe('failed');
		expect(aside.problem).toBeDefined();
		expect(passed()).toBe(2);
		// Nobody goes on trying, and who wants to can try once more.
		await alice.delivered(carol, 'behind it', 'sent', 'delivered', 'read');
		expect(alice.messenger.state.connection).toBe('online');
		wire.pass = (xml) => xml;
		await alice.messenger.messages.retry(aside);
		await carol.received(alice, 'poison');
	},
	150_000,
);

it('what is under way whenever a line is cut has not failed', async () => {
	const passed = poison((line, times) => {
		if (times > 3) return false;
		line.cut();
		return true;
	});
	await alice.messenger.messages.send(carol.jid, 'unlucky');
	await alice.messenger.messages.send(bob.jid, 'beside it');
	const back = async () => {
		alice.messenger.wake();
		return (await carol.allMessages(alice)).length > 0;
	};
	await until('unlucky', back, AGAIN);
	await bob.received(alice, 'beside it');
	expect(passed()).toBe(4);
	expect((await carol.allMessages(alice)).map(({ text }) => text)).toEqual(['unlucky']);
	await alice.delivered(carol, 'unlucky', 'sent', 'delivered', 'read');
}, 120_000);

it('what was under way is not to blame for lines that are cut before it is said again', async () => {
	let cuts = 0;
	wire.pass = (xml, from, line) => {
		if (cuts >= MAX_CUTS || from !== 'client') return xml;
		// No session goes on: what was under way is said again late.
		if (xml.startsWith('<resume')) return xml.replace(/previd="[^"]*"/, 'previd="gone"');
		if (!(cuts === 0 ? /<payload>/ : /jabber:iq:roster/).test(xml)) return xml;
		cuts += 1;
		line.cut();
		return undefined;
	};
	await alice.messenger.messages.send(bob.jid, 'in a tunnel');
	const came = async () => {
		alice.messenger.wake();
		return (await bob.allMessages(alice)).length > 0;
	};
	await until(() => `there again after ${cuts} cuts`, came, AGAIN);
	expect(cuts).toBe(MAX_CUTS);
	expect((await bob.allMessages(alice)).map(({ text }) => text)).toEqual(['in a tunnel']);
	await alice.delivered(bob, 'in a tunnel', 'sent', 'delivered', 'read');
}, 120_000);

it('what a real server ends the stream for is set aside, and the rest flows', async () => {
	const text = 'y'.repeat(REAL_LIMIT);
	await alice.messenger.messages.send(carol.jid, text);
	await alice.messenger.messages.send(carol.jid, 'behind it');
	await alice.messenger.messages.send(bob.jid, 'beside it');
	await until('behind it', async () => (await carol.allMessages(alice)).length > 0, AGAIN);
	await until('beside it', async () => (await bob.allMessages(alice)).length > 0, AGAIN);
	expect((await alice.own(carol, text)).state).toBe('failed');
	await alice.delivered(carol, 'behind it', 'sent', 'delivered', 'read');
	const count = connections();
	await alice.restart();
	await alice.messenger.messages.send(bob.jid, 'after a restart');
	await bob.received(alice, 'after a restart');
	expect(connections()).toBe(count + 1);
	expect((await carol.allMessages(alice)).map(({ text }) => text)).toEqual(['behind it']);
}, 150_000);
