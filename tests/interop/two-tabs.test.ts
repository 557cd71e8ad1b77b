import { beforeAll, beforeEach, expect, it } from 'vitest';
import { stanzaError } from './component.ts';
import { Person, until } from './person.ts';
import { useServer } from './use-server.ts';
import type { Wire } from './wire.ts';

/** Milliseconds in which what waited is tried again. */
const AGAIN = 60_000;

const home = useServer();
let bob: Person;
/** one account in two tabs, over the same vault */
let first: Person;
let second: Person;
let firstWire: Wire;
let secondWire: Wire;

beforeAll(async () => {
	bob = await home.join('bob');
}, 60_000);

beforeEach(async () => {
	firstWire = await home.wire();
	secondWire = await home.wire();
	first = await home.join('alice', firstWire.server);
	await first.befriend(bob);
	await first.messenger.messages.send(bob.jid, 'hello');
	await bob.received(first, 'hello');
	await first.delivered(bob, 'hello', 'delivered');
	second = new Person(secondWire.server, first.user, first.user, first.vault);
	return () => second.messenger?.close();
});

const isSuperseded = ({ messenger }: Person) => messenger.state.connection === 'superseded';

/**
 * The second comes online in the place of the first. What the server says of that is lost if it crosses what the first says
 * just then: that takes its place again, once.
 */
async function takeOver(): Promise<void> {
	await second.signIn();
	await until('one superseded', () => [first, second].some(isSuperseded), 10_000);
	if (isSuperseded(second)) await second.restart();
	await until(
		() => `superseded, but ${first.messenger.state.connection}`,
		() => isSuperseded(first),
		10_000,
	);
}

const connections = (wire: Wire) => new Set(wire.log.map(({ line }) => line)).size;

const idOf = (xml: string) => /\bid=["']([^"']*)/.exec(xml)?.[1];
/**
 * How many messages with content went out on a line, to somebody; one that goes out again is the same: where the second had to
 * begin once more, its server has not acknowledged what it said before.
 */
const said = (wire: Wire, to: Person) =>
	new Set(
		wire.log
			.filter(
				({ from, xml }) =>
					from === 'client' &&
					xml.startsWith('<message') &&
					xml.includes(`to="${to.jid}"`) &&
					xml.includes('<payload>'),
			)
			.map(({ xml }) => idOf(xml)),
	).size;

const nothingWaits = (peer: Person) =>
	until('nothing waits', async () =>
		(await second.allMessages(peer)).every(({ state }) => state !== 'waiting'),
	);

it('the second takes over, and the first stays away', async () => {
	await takeOver();
	// As a page does whenever somebody looks at it, or the network is back.
	for (let n = 0; n < 20; n++) {
		first.messenger.wake();
		await second.messenger.messages.send(bob.jid, `${n}`);
		await bob.received(second, `${n}`);
		await bob.messenger.messages.send(second.jid, `back ${n}`);
		await second.received(bob, `back ${n}`);
	}
	expect(connections(firstWire)).toBe(1);
	expect(connections(secondWire)).toBe(1);
	expect(first.messenger.state.connection).toBe('superseded');
	expect(second.messenger.state.connection).toBe('online');
	const came = (await bob.allMessages(second)).filter(({ isOwn }) => !isOwn);
	expect(came.map(({ text }) => text)).toEqual([
		'hello',
		...Array.from({ length: 20 }, (_, n) => `${n}`),
	]);
	// A device of ours that is there twice is one.
	expect((await bob.messenger.devices.of(second.jid)).length).toBe(1);
});

it('what waits in the first is sent by the second, and once', async () => {
	const carol = await home.join('carol');
	const asked = new Set<string | undefined>();
	// In the place of an answer: what is added, or left out, would upset the counts of both sides (XEP-0198).
	firstWire.pass = (xml, from) => {
		const isQuestion = xml.includes('devicelist') && xml.includes(`to="${carol.jid}"`);
		if (from === 'client' && isQuestion) asked.add(idOf(xml));
		if (from === 'client' || !xml.startsWith('<iq') || !asked.has(idOf(xml))) return xml;
		const error = stanzaError('remote-server-timeout', 'wait');
		return `<iq xmlns="jabber:client" from="${carol.jid}" id="${idOf(xml)}" type="error">${error}</iq>`;
	};
	await first.messenger.messages.send(carol.jid, 'waits');
	await first.messenger.messages.send(carol.jid, 'waits, too');
	await first.messenger.messages.send(bob.jid, 'goes');
	await bob.received(first, 'goes');
	await takeOver();
	await until('both', async () => (await carol.allMessages(second)).length >= 2, AGAIN);
	firstWire.pass = (xml) => xml;
	first.messenger.wake();
	await second.messenger.messages.send(carol.jid, 'the last');
	await carol.received(second, 'the last');
	const texts = (await carol.allMessages(second)).map(({ text }) => text);
	expect(texts).toEqual(['waits', 'waits, too', 'the last']);
	expect(said(firstWire, carol)).toBe(0);
	expect(said(secondWire, carol)).toBe(3);
	await nothingWaits(carol);
}, 90_000);

it.each([
	[
		'did not reach the server',
		(xml: string, from: string) => from === 'client' && xml.includes('<payload>'),
	],
	[
		'reached it, unacknowledged',
		(xml: string, from: string) => from === 'server' && /^<a\b/.test(xml),
	],
])('what the first had under way, and %s, comes once', async (_, isLost) => {
	// And all that is said behind it: what would still come through counts for what did not (XEP-0198 section 4).
	let isDeaf = false;
	firstWire.pass = (xml, from) => {
		if (!isLost(xml, from)) return isDeaf && from === 'client' ? undefined : xml;
		isDeaf = from === 'client';
		return undefined;
	};
	const before = said(firstWire, bob);
	for (let n = 0; n < 5; n++) await first.messenger.messages.send(bob.jid, `under way ${n}`);
	await until('sent', () => said(firstWire, bob) === before + 5);
	await takeOver();
	await second.messenger.messages.send(bob.jid, 'the last');
	await bob.received(second, 'the last');
	const texts = (await bob.allMessages(second)).map(({ text, problem }) => text ?? problem);
	const wanted = Array.from({ length: 5 }, (_, n) => `under way ${n}`);
	expect(texts).toEqual(['hello', ...wanted, 'the last']);
	await second.delivered(bob, 'under way 4', 'sent', 'delivered', 'read');
	await nothingWaits(bob);
});
