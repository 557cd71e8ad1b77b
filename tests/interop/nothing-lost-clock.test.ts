import { beforeEach, expect, it } from 'vitest';
import { installClock, setClockAhead, trueTime } from './clock.ts';
import { stanzaError } from './component.ts';
import { type Person, until } from './person.ts';
import { deviceListXml, startRawClient } from './raw-client.ts';
import { useServer } from './use-server.ts';
import type { Wire } from './wire.ts';

const YEAR = 365 * 24 * 60 * 60 * 1000;
const MINUTE = 60_000;
/** A device that nobody has, or not yet. */
const GHOST = 777;

installClock();
const home = useServer();
let wire: Wire;
let alice: Person;
let bob: Person;
let carol: Person;

beforeEach(async () => {
	wire = await home.wire();
	alice = await home.join('alice', wire.server);
	bob = await home.join('bob');
	carol = await home.join('carol');
	await alice.befriend(bob);
	await alice.befriend(carol);
	return () => setClockAhead(0);
});

async function says(from: Person, to: Person, text: string): Promise<void> {
	await from.messenger.messages.send(to.jid, text);
	await to.received(from, text);
}

/** Servers stamp in whole seconds what they keep for us: what is to be later is to be in a later one. */
function nextSecond(): Promise<true> {
	const second = () => Math.floor(trueTime() / 1000);
	const now = second();
	return until('the next second', () => second() > now);
}

/** The list of conversations, latest first, becomes this. */
async function lists(person: Person, ...wanted: [Person, string][]): Promise<void> {
	const list = () =>
		person.messenger.state.conversations.map(({ peer, lastText = '' }) => [peer, lastText]);
	await expect.poll(list, { timeout: 5000 }).toEqual(wanted.map(([{ jid }, text]) => [jid, text]));
}

it.each([
	['ahead by a year', YEAR],
	['behind by a year', -YEAR],
])(
	'a clock that was %s for some messages leaves previews, order and list right',
	async (_, ahead) => {
		await says(alice, bob, 'a1');
		await says(bob, alice, 'b1');
		await says(carol, alice, 'c1');
		setClockAhead(ahead);
		await says(alice, bob, 'a2');
		await says(bob, alice, 'b2');
		setClockAhead(0);
		const back = trueTime();
		const check = async (texts: string[], ...wanted: [Person, string][]) => {
			expect((await alice.allMessages(bob)).map(({ text }) => text)).toEqual(texts);
			await lists(alice, ...wanted);
		};
		const texts = ['a1', 'b1', 'a2', 'b2', 'a3'];
		await says(carol, alice, 'c2');
		await says(alice, bob, 'a3');
		await check(texts, [bob, 'a3'], [carol, 'c2']);
		await says(carol, alice, 'c3');
		await check(texts, [carol, 'c3'], [bob, 'a3']);
		texts.push('b3');
		await says(bob, alice, 'b3');
		await check(texts, [bob, 'b3'], [carol, 'c3']);
		for (const { lastTime } of alice.messenger.state.conversations) {
			expect(lastTime).toBeGreaterThanOrEqual(back - MINUTE);
			expect(lastTime).toBeLessThanOrEqual(trueTime());
		}
		await alice.restart();
		await check(texts, [bob, 'b3'], [carol, 'c3']);
		await nextSecond();
		await says(carol, alice, 'c4');
		await check(texts, [carol, 'c4'], [bob, 'b3']);
		// What came while the clock was wrong is behind what came before, and before what came after, elsewhere, too.
		expect((await bob.allMessages(alice)).map(({ text }) => text)).toEqual(texts);
		await lists(bob, [alice, 'b3']);
	},
);

it('a server that stamps what it kept for us with the true time is believed, whatever our clock was', async () => {
	await says(bob, alice, 'before');
	setClockAhead(YEAR);
	await says(bob, alice, 'ahead');
	setClockAhead(0);
	await alice.messenger.close();
	await nextSecond();
	await bob.messenger.messages.send(alice.jid, 'missed');
	await bob.delivered(alice, 'missed', 'sent');
	await alice.signIn();
	await alice.received(bob, 'missed');
	expect((await alice.allMessages(bob)).map(({ text }) => text)).toEqual([
		'before',
		'ahead',
		'missed',
	]);
	await lists(alice, [bob, 'missed'], [carol, '']);
	await nextSecond();
	await says(carol, alice, 'later');
	await lists(alice, [carol, 'later'], [bob, 'missed']);
});

it('a device whose bundle could not be had while the clock was ahead is written to once it can', async () => {
	await says(alice, bob, 'hello');
	setClockAhead(YEAR);
	const dan = await home.join('dan');
	wire.pass = (xml, from, line) => {
		if (from !== 'client' || !xml.includes('.bundles:') || !xml.includes(`to="${dan.jid}"`))
			return xml;
		const id = /\bid="([^"]*)"/.exec(xml)?.[1];
		const error = stanzaError('item-not-found', 'cancel');
		line.tell(`<iq xmlns="jabber:client" from="${dan.jid}" id="${id}" type="error">${error}</iq>`);
		return undefined;
	};
	await alice.messenger.messages.send(dan.jid, 'lost');
	await until('failed', async () => (await alice.own(dan, 'lost')).state === 'failed');
	wire.pass = (xml) => xml;
	setClockAhead(0);
	await alice.messenger.messages.retry(await alice.own(dan, 'lost'));
	await dan.received(alice, 'lost', 5000);
	await says(alice, dan, 'found');
});

it('a list with a device that failed while the clock was ahead does not keep others waiting after it', async () => {
	await says(alice, bob, 'hello');
	setClockAhead(YEAR);
	const own = (await bob.messenger.devices.of(bob.jid)).find(({ isThis }) => isThis)?.id ?? 0;
	const other = await startRawClient(home.server, bob.user);
	other.send(deviceListXml([own, GHOST]));
	await until('the ghost', async () =>
		(await alice.messenger.devices.of(bob.jid)).some(({ id }) => id === GHOST),
	);
	other.close();
	await says(alice, bob, 'ahead');
	setClockAhead(0);
	const asked = () =>
		wire.log.filter(({ from, xml }) => from === 'client' && xml.includes(`.bundles:${GHOST}`))
			.length;
	expect(asked()).toBe(1);
	await says(alice, bob, 'back');
	// Asked once more, and then not for each message.
	expect(asked()).toBe(2);
	await says(alice, bob, 'and again');
	expect(asked()).toBe(2);
});
