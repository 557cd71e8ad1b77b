import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { times } from '../what-runs.ts';
import { Actor } from './actor.ts';
import { installClock, setClockAhead } from './clock.ts';
import { until } from './person.ts';
import { deviceListXml, messageXml, startRawClient } from './raw-client.ts';
import { useServer } from './use-server.ts';

/** Fewer for a quick look: MESSAGES=50 npx vitest run tests/interop/in-the-middle */
const MESSAGES = Number(process.env['MESSAGES'] ?? times(500, 150));
/** This Prosody reaches no other server, and says `not-allowed` of it. */
const NOBODY = 'typo@nowhere.example';
const GHOST = 777;
/** What another client of bob's says, all of it under one id. */
const CLEAR = ['raw 1', 'raw 2', 'raw 3'];
const YEAR = 365 * 24 * 60 * 60 * 1000;
/** What an encrypted message says to those who cannot read it. */
const FALLBACK = /<body>[^<]*OMEMO[^<]*<\/body>/g;

installClock();
const home = useServer();
let alice: Actor;
let bob: Actor;

beforeAll(async () => {
	// What goes wrong is told there, and nobody is to be.
	vi.stubGlobal('reportError', () => undefined);
	alice = await Actor.join(home, 'alice');
	bob = await Actor.join(home, 'bob');
	await alice.person.befriend(bob.person);
}, 60_000);

afterAll(async () => {
	setClockAhead(0);
	vi.unstubAllGlobals();
});

async function talk(from: Actor, to: Actor, who: string): Promise<void> {
	for (let n = 0; n < MESSAGES; n++) {
		await from.say(to, `${who} ${n}`);
		await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
	}
}

/** Each of them while the talk goes on. */
async function misfortune(): Promise<void> {
	const when = (tenths: number) =>
		until(
			`${tenths} tenths`,
			() => Math.min(alice.said, bob.said) >= (MESSAGES * tenths) / 10,
			120_000,
		);
	const { jid, user } = bob.person;
	await when(1);
	// A server that is not there.
	await alice.person.messenger.messages.send(NOBODY, 'hello?');
	await when(2);
	// A device on bob's list that never answers.
	alice.wire.pass = (xml, from) =>
		from === 'client' && xml.includes(`.bundles:${GHOST}`) ? undefined : xml;
	const devices = await bob.person.messenger.devices.of(jid);
	const raw = await startRawClient(home.server, user);
	raw.send(deviceListXml([devices.find(({ isThis }) => isThis)?.id ?? 0, GHOST]));
	await when(3);
	// A full disk, and one that is full now and then.
	bob.vault.fill();
	await until('a full disk', () => bob.vault.refused > 3);
	bob.vault.mend();
	alice.vault.fill(0.2);
	await until('an unsteady disk', () => alice.vault.refused > 3);
	alice.vault.mend();
	await when(4);
	// A client that counts its ids from 1, and begins again.
	for (const text of CLEAR)
		raw.send(messageXml(alice.person.jid, `<body>${text}</body>`, 'id="1"'));
	await when(5);
	// A clock that jumps, to and fro.
	setClockAhead(YEAR);
	await when(6);
	setClockAhead(-YEAR);
	await when(7);
	setClockAhead(0);
	// Lines that are cut.
	alice.wire.cut();
	bob.wire.cut();
	await when(8);
	// A page that is killed, with its disk full just then.
	bob.vault.fill();
	const restarted = bob.restart(true);
	bob.vault.mend();
	await restarted;
	raw.close();
}

it(`${MESSAGES} messages both ways, and everything goes wrong in the middle of them`, async () => {
	await Promise.all([talk(alice, bob, 'a'), talk(bob, alice, 'b'), misfortune()]);
	for (const [from, to, who] of [
		[alice, bob, 'a'],
		[bob, alice, 'b'],
	] as const) {
		const wanted = Array.from({ length: MESSAGES }, (_, n) => `${who} ${n}`);
		let seen = '';
		const look = async () => {
			for (const { person } of [from, to]) person.messenger.wake();
			const all = (await to.came(from)).filter(({ isEncrypted }) => isEncrypted);
			const waiting = (await from.own(to)).filter(({ state }) => state === 'waiting');
			seen = `${all.length} came, ${waiting.length} wait, from ${waiting[0]?.text}`;
			return all.length >= MESSAGES && waiting.length === 0 && all;
		};
		const all = await until(() => `all of ${who}: ${seen}`, look, 120_000, 1000);
		expect(all.map(({ text, problem }) => text ?? problem)).toEqual(wanted);
		const kept = (await from.own(to)).filter(({ isEncrypted }) => isEncrypted);
		expect(kept.map(({ text }) => text)).toEqual(wanted);
		expect(kept.map(({ state }) => state)).not.toContain('failed');
	}
	const clear = (await alice.came(bob)).filter(({ isEncrypted }) => !isEncrypted);
	expect(clear.map(({ text }) => text)).toEqual(CLEAR);
	const [dead, ...more] = await alice.person.allMessages({ jid: NOBODY });
	expect(more).toEqual([]);
	expect(dead).toMatchObject({ text: 'hello?', state: 'failed', problem: 'not-allowed' });
	// Nothing of it was said in the clear.
	for (const { wire } of [alice, bob])
		for (const { from, xml } of wire.log)
			if (from === 'client') expect(xml.replace(FALLBACK, '')).not.toContain('<body');
	// It goes on, and the lists are right.
	await bob.person.messenger.messages.send(alice.person.jid, 'good night');
	await alice.person.received(bob.person, 'good night');
	const list = () =>
		alice.person.messenger.state.conversations.map(({ peer, lastText }) => [peer, lastText]);
	await expect.poll(list).toEqual([
		[bob.person.jid, 'good night'],
		[NOBODY, 'hello?'],
	]);
}, 600_000);
