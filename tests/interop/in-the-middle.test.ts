import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { type BrittleVault, createBrittleVault } from './brittle-vault.ts';
import { installClock, setClockAhead } from './clock.ts';
import { People } from './people.ts';
import { type Person, until } from './person.ts';
import { deviceListXml, messageXml, startRawClient } from './raw-client.ts';
import { startWire, type Wire } from './wire.ts';

/** Fewer for a quick look: MESSAGES=50 npx vitest run tests/interop/in-the-middle */
const MESSAGES = Number(process.env['MESSAGES'] ?? 500);
/** This Prosody reaches no other server, and says `not-allowed` of it. */
const NOBODY = 'typo@nowhere.example';
const GHOST = 777;
const YEAR = 365 * 24 * 60 * 60 * 1000;
/** What an encrypted message says to those who cannot read it. */
const FALLBACK = /<body>[^<]*OMEMO[^<]*<\/body>/g;

installClock();
const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
let server: ProsodyServer;
let people: People;
const wires: Wire[] = [];
const vaults: BrittleVault[] = [];
let alice: Person;
let bob: Person;

beforeAll(async () => {
	// What goes wrong is told there, and nobody is to be.
	vi.stubGlobal('reportError', () => undefined);
	server = await startProsody({ folder });
	people = new People(server);
	for (const _ of ['alice', 'bob']) {
		wires.push(await startWire(server));
		vaults.push(createBrittleVault());
	}
	alice = await people.join('alice', wires[0]?.server, vaults[0]?.open());
	bob = await people.join('bob', wires[1]?.server, vaults[1]?.open());
	await alice.befriend(bob);
}, 60_000);

afterAll(async () => {
	setClockAhead(0);
	await people?.close();
	for (const wire of wires) await wire.close();
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
	vi.unstubAllGlobals();
});

/** What somebody who says `who` has kept of their own, in its order. */
const own = async (from: Person, to: Person) =>
	(await from.allMessages(to)).filter(({ isOwn }) => isOwn);
const came = async (to: Person, from: Person) =>
	(await to.allMessages(from)).filter(({ isOwn }) => !isOwn);

it(`${MESSAGES} messages both ways, and everything goes wrong in the middle of them`, async () => {
	const [aliceWire, bobWire] = wires as [Wire, Wire];
	const [aliceVault, bobVault] = vaults as [BrittleVault, BrittleVault];
	let [aSaid, bSaid] = [0, 0];
	let restarting: Promise<void> | undefined;
	let kill: () => void = () => undefined;
	const killed = new Promise<'killed'>((resolve) => {
		kill = () => resolve('killed');
	});

	/** Says it, and resolves to whether it was kept; who is killed looks whether it was when they are back. */
	async function say(from: Person, to: Person, text: string): Promise<boolean> {
		await restarting;
		const isKept = from.messenger.send(to.jid, text).then(
			() => true,
			() => false,
		);
		const canBeKilled = from === bob && restarting === undefined;
		const outcome = await (canBeKilled ? Promise.race([isKept, killed]) : isKept);
		if (outcome !== 'killed') return outcome;
		await restarting;
		return (await own(from, to)).some((message) => message.text === text);
	}

	async function talk(from: Person, to: Person, who: string, told: (n: number) => void) {
		for (let n = 0; n < MESSAGES; n++) {
			// What could not be kept is said again.
			await until(`${who} ${n} is kept`, () => say(from, to, `${who} ${n}`));
			told(n);
			await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
		}
	}
	const when = (tenths: number) =>
		until(`${tenths} tenths`, () => Math.min(aSaid, bSaid) >= (MESSAGES * tenths) / 10, 120_000);

	/** Each of them while the talk goes on. */
	async function misfortune(): Promise<void> {
		await when(1);
		// A server that is not there.
		await alice.messenger.send(NOBODY, 'hello?');
		await when(2);
		// A device on bob's list that never answers.
		aliceWire.pass = (xml, from) =>
			from === 'client' && xml.includes(`.bundles:${GHOST}`) ? undefined : xml;
		const device = (await bob.messenger.devices(bob.jid)).find(({ isThis }) => isThis)?.id ?? 0;
		const raw = await startRawClient(server, bob.user);
		raw.send(deviceListXml([device, GHOST]));
		await when(3);
		// A full disk, and one that is full now and then.
		bobVault.fill();
		await until('a full disk', () => bobVault.refused > 3);
		bobVault.mend();
		aliceVault.fill(0.2);
		await until('an unsteady disk', () => aliceVault.refused > 3);
		aliceVault.mend();
		await when(4);
		// A client that counts its ids from 1, and begins again.
		for (const text of ['raw 1', 'raw 2', 'raw 3'])
			raw.send(messageXml(alice.jid, `<body>${text}</body>`, 'id="1"'));
		await when(5);
		// A clock that jumps, to and fro.
		setClockAhead(YEAR);
		await when(6);
		setClockAhead(-YEAR);
		await when(7);
		setClockAhead(0);
		// Lines that are cut.
		aliceWire.cut();
		bobWire.cut();
		await when(8);
		// A page that is killed, with its disk full just then.
		restarting = (async () => {
			bobVault.fill();
			bobVault.kill();
			bobWire.break();
			await bob.messenger.close();
			bobWire.mend();
			bob.vault = bobVault.open();
			bobVault.mend();
			await bob.signIn();
		})();
		kill();
		await restarting;
		raw.close();
	}

	await Promise.all([
		talk(alice, bob, 'a', (n) => {
			aSaid = n + 1;
		}),
		talk(bob, alice, 'b', (n) => {
			bSaid = n + 1;
		}),
		misfortune(),
	]);
	const wanted = (who: string) => Array.from({ length: MESSAGES }, (_, n) => `${who} ${n}`);
	for (const [from, to, who] of [
		[alice, bob, 'a'],
		[bob, alice, 'b'],
	] as const) {
		let seen = '';
		const look = async () => {
			for (const { messenger } of [from, to]) messenger.wake();
			const all = (await came(to, from)).filter(({ isEncrypted }) => isEncrypted);
			const waiting = (await own(from, to)).filter(({ state }) => state === 'waiting');
			seen = `${all.length} came, ${waiting.length} wait, from ${waiting[0]?.text}`;
			return all.length >= MESSAGES && waiting.length === 0 && all;
		};
		const all = await until(() => `all of ${who}: ${seen}`, look, 120_000, 1000);
		expect(all.map(({ text, problem }) => text ?? problem)).toEqual(wanted(who));
		const kept = (await own(from, to)).filter(({ isEncrypted }) => isEncrypted);
		expect(kept.map(({ text }) => text)).toEqual(wanted(who));
		expect(new Set(kept.map(({ state }) => state)).has('failed')).toBe(false);
	}
	const clear = (await came(alice, bob)).filter(({ isEncrypted }) => !isEncrypted);
	expect(clear.map(({ text }) => text)).toEqual(['raw 1', 'raw 2', 'raw 3']);
	const [dead, ...more] = await alice.allMessages({ jid: NOBODY });
	expect(more).toEqual([]);
	expect(dead).toMatchObject({
		text: 'hello?',
		state: 'failed',
		problem: 'not-allowed',
	});
	// Nothing of it was said in the clear.
	for (const { log } of wires)
		for (const { from, xml } of log)
			if (from === 'client') expect(xml.replace(FALLBACK, '')).not.toContain('<body');
	// It goes on, and the lists are right.
	await bob.messenger.send(alice.jid, 'good night');
	await alice.received(bob, 'good night');
	await expect
		.poll(() => alice.messenger.state.conversations.map(({ peer, lastText }) => [peer, lastText]))
		.toEqual([
			[bob.jid, 'good night'],
			[NOBODY, 'hello?'],
		]);
}, 600_000);
