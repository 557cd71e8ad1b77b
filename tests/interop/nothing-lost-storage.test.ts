import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { eachOrFirst } from '../what-runs.ts';
import { type BrittleVault, createBrittleVault } from './brittle-vault.ts';
import { Person, until } from './person.ts';
import { useServer } from './use-server.ts';
import type { Passed, Wire } from './wire.ts';

/** Milliseconds in which a write that failed is tried again. */
const AGAIN = 60_000;
const COUNT = 20;

const home = useServer();
let wire: Wire;
let vault: BrittleVault;
let alice: Person;
let bob: Person;

beforeAll(async () => {
	// What goes wrong is told there, and nobody is to be.
	vi.stubGlobal('reportError', () => undefined);
	bob = await home.join('bob');
}, 60_000);

beforeEach(async () => {
	wire = await home.wire();
	vault = createBrittleVault();
	alice = await home.join('alice', wire.server, vault.open());
	await alice.befriend(bob);
	await bob.messenger.messages.send(alice.jid, 'hello');
	await alice.received(bob, 'hello');
	await bob.delivered(alice, 'hello', 'delivered');
});

afterEach(() => vault.mend());
afterAll(() => void vi.unstubAllGlobals());

const numbered = (what: string) => Array.from({ length: COUNT }, (_, n) => `${what} ${n}`);

async function say(from: Person, to: Person, what: string): Promise<void> {
	for (const text of numbered(what)) await from.messenger.messages.send(to.account, text);
}

const came = async (what: string) =>
	(await alice.allMessages(bob))
		.filter(
			({ isOwn, text, problem }) => !isOwn && (problem !== undefined || text?.startsWith(what)),
		)
		.map(({ text, problem }) => text ?? problem);

/** ids of the messages with content that came over the wire from here on */
const contents = (log: readonly Passed[]) =>
	log.filter(
		({ from, xml }) =>
			from === 'server' &&
			xml.startsWith('<message') &&
			xml.includes('<payload>') &&
			!xml.includes('<result'),
	);

/**
 * What alice has told the server that she has, on the newest of her lines (XEP-0198 section 4): whether a stanza that came
 * over it is among that.
 */
function isAcknowledged(stanza: Passed): boolean {
	const log = wire.log.filter(({ line }) => line === stanza.line);
	const begin = log.findIndex(
		({ from, xml }) => from === 'server' && /^<(enabled|resumed)\b/.test(xml),
	);
	const counted = log
		.slice(begin)
		.filter(({ from, xml }) => from === 'server' && /^<(message|presence|iq)\b/.test(xml));
	const place = counted.indexOf(stanza);
	const acks = log.flatMap(({ from, xml }) => {
		const h = from === 'client' ? /^<a\b[^>]*\bh=["'](\d+)/.exec(xml)?.[1] : undefined;
		return h === undefined ? [] : [Number(h)];
	});
	return place >= 0 && Math.max(0, ...acks) > place;
}

const hasReceipt = ({ xml }: Passed) => {
	const id = /^<message[^>]*\bid=["']([^"']*)/.exec(xml)?.[1] ?? '';
	return wire.log.some(
		({ from, xml: out }) =>
			from === 'client' &&
			out.includes('urn:xmpp:receipts') &&
			out.includes('<received') &&
			out.includes(`id="${id}"`),
	);
};

it('what could not be written is neither acknowledged nor told to have come, and is there once it can be', async () => {
	const begin = wire.log.length;
	vault.fill();
	await say(bob, alice, 'full');
	await until('all on the wire', () => contents(wire.log.slice(begin)).length >= COUNT);
	await until('refused', () => vault.refused > 0);
	const stanzas = contents(wire.log.slice(begin));
	await until('asked for an acknowledgement', () =>
		wire.log.slice(begin).some(({ from, xml }) => from === 'server' && /^<r\b/.test(xml)),
	);
	expect(await came('full')).toEqual([]);
	expect(stanzas.filter(hasReceipt)).toEqual([]);
	expect(stanzas.filter(isAcknowledged)).toEqual([]);
	vault.mend();
	await until('all', async () => (await came('full')).length >= COUNT, AGAIN);
	expect(await came('full')).toEqual(numbered('full'));
	await until('receipts', () => stanzas.every(hasReceipt), AGAIN);
	// Unless there is another line by now, where all of it was fetched.
	const isKnown = (stanza: Passed) =>
		isAcknowledged(stanza) || wire.log.at(-1)?.line !== stanza.line;
	await until('acknowledged', () => stanzas.every(isKnown), AGAIN);
	await bob.delivered(alice, `full ${COUNT - 1}`, 'delivered');
}, 150_000);

it('what is written only now and then is there in the end, once and in its order', async () => {
	vault.fill(0.8);
	await Promise.all([say(bob, alice, 'some'), say(alice, bob, 'mine').catch(() => undefined)]);
	const isAll = async () => (await came('some')).length >= COUNT;
	await until('refused', async () => vault.refused > 2 || isAll());
	vault.mend();
	await until('all', isAll, AGAIN);
	expect(await came('some')).toEqual(numbered('some'));
	// What alice could not keep she was told of; what she kept came through, once and in its order.
	const kept = (await alice.allMessages(bob)).filter(({ isOwn }) => isOwn).map(({ text }) => text);
	const theirs = async () =>
		(await bob.allMessages(alice))
			.filter(({ isOwn }) => !isOwn)
			.map(({ text, problem }) => text ?? problem);
	await until('hers', async () => (await theirs()).length >= kept.length, AGAIN);
	expect(await theirs()).toEqual(kept);
}, 150_000);

it.each(
	eachOrFirst([
		['is full now and then', 0.5],
		['is full', 1],
	] as const),
)(
	'killed while the disk %s, and begun again while it still is: nothing is lost',
	async (_, chance) => {
		vault.fill(chance);
		await say(bob, alice, 'killed');
		await until('refused', async () => vault.refused > 2 || (await came('killed')).length >= COUNT);
		vault.kill();
		wire.break();
		await alice.messenger.close();
		wire.mend();
		await say(bob, alice, 'away');
		alice.vault = vault.open();
		await alice.begin();
		const before = vault.refused;
		await until(
			'refused again',
			async () => vault.refused > before || (await came('away')).length >= COUNT,
		);
		vault.mend();
		const all = async () => [...(await came('killed')), ...(await came('away'))];
		await until('all', async () => (await all()).length >= 2 * COUNT, AGAIN);
		expect(await all()).toEqual([...numbered('killed'), ...numbered('away')]);
		await alice.online();
		await bob.messenger.messages.send(alice.jid, 'after');
		await alice.received(bob, 'after');
		expect((await alice.allMessages(bob)).filter(({ problem }) => problem !== undefined)).toEqual(
			[],
		);
	},
	150_000,
);

it('what came live while the disk was full is not passed over by what came later', async () => {
	vault.fill();
	await say(bob, alice, 'first');
	await until('refused', () => vault.refused > 0);
	vault.mend();
	await bob.messenger.messages.send(alice.jid, 'then');
	await alice.received(bob, 'then');
	// The page is killed before anything is tried again; the next reads on where the archive was left.
	vault.kill();
	wire.cut();
	await alice.messenger.close();
	alice.vault = vault.open();
	await alice.signIn();
	await until('all of it', async () => (await came('first')).length >= COUNT, AGAIN);
	expect(await came('first')).toEqual(numbered('first'));
	expect((await came('then')).length).toBe(1);
}, 150_000);

it('a device of a contact that was announced while the disk was full is written to', async () => {
	// From here on she knows bob's devices by what she is told.
	await alice.messenger.messages.send(bob.jid, 'to one');
	await bob.received(alice, 'to one');
	vault.fill();
	const before = vault.refused;
	const tablet = await new Person(home.server, bob.user).signIn();
	await until('refused', () => vault.refused > before);
	vault.mend();
	await alice.messenger.messages.send(bob.jid, 'to both');
	expect((await tablet.received(alice, 'to both')).isEncrypted).toBe(true);
	await bob.received(alice, 'to both');
	await tablet.messenger.close();
});
