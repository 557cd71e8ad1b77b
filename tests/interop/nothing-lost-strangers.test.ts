import { expect, it } from 'vitest';
import { eachOrFirst, times } from '../what-runs.ts';
import { createBrittleVault } from './brittle-vault.ts';
import { type Person, until } from './person.ts';
import { FAR, useServer } from './use-server.ts';

/** All of them: STRANGERS=6000 npx vitest run tests/interop/nothing-lost-strangers */
const STRANGERS = Number(process.env['STRANGERS'] ?? times(400, 100));
/** Strangers between two messages of a contact. */
const BETWEEN = 100;
/** What one of twice as many may cost more. */
const GROWTH = 1.3;
/** Rows and calls that a message of a contact may cost, with all that follows from it. */
const COST_OF_CONTACT = 20;
/** Calls that a stranger may cost who comes alone; how many come at once, and cost less, is chance. */
const CALLS_OF_ONE = 4;
/** More than the unknown people of one server whose messages are kept. */
const FULL = 60;

const home = useServer({ answer: () => undefined });

const OMEMO = 'eu.siacs.conversations.axolotl';
/** What a stranger of that number says to a device of somebody. */
type Say = (n: number, device: number) => string;
const text: Say = (n) => `<body>buy ${n}</body>`;
const SAYS: Record<string, Say> = {
	'a text': text,
	'a retraction': (n) =>
		`<retract xmlns="urn:xmpp:message-retract:1" id="buy-${n}"/><store xmlns="urn:xmpp:hints"/>`,
	'a reaction': (n) =>
		`<reactions xmlns="urn:xmpp:reactions:0" id="buy-${n}"><reaction>🛒</reaction></reactions><store xmlns="urn:xmpp:hints"/>`,
	'that they type': () => '<composing xmlns="http://jabber.org/protocol/chatstates"/>',
	'something encrypted': (n, device) => encrypted(device, `<payload>${btoa(`buy ${n}`)}</payload>`),
	'an encrypted nothing': (_, device) => encrypted(device, ''),
};

const CROWDS = Object.entries(SAYS).flatMap(([what, says]) =>
	eachOrFirst([
		[what, 'with no request before', says, false] as const,
		[what, 'with as many requests as can be', says, true] as const,
	]),
);

/** Nobody can decrypt it, and it has to be tried. */
function encrypted(device: number, payload: string): string {
	const key = `<key rid="${device}" prekey="true">${btoa('x'.repeat(180))}</key>`;
	const header = `<header sid="777">${key}<iv>${btoa('x'.repeat(12))}</iv></header>`;
	return `<encrypted xmlns="${OMEMO}">${header}${payload}</encrypted><store xmlns="urn:xmpp:hints"/>`;
}

/** What a crowd has cost somebody, and left behind with them. */
interface Cost {
	readonly calls: number;
	readonly rows: number;
	/** rows that are there afterwards, and were not before */
	readonly left: number;
	readonly conversations: number;
	/** people of whom it is known whether they type */
	readonly typing: number;
}

/** So many strangers say something to somebody and a contact in between; `isFull`: there are as many requests already as can be. */
async function crowd(
	says: Say,
	count: number,
	isFull: boolean,
): Promise<{ alice: Person; bob: Person; cost: Cost }> {
	const vault = createBrittleVault();
	const wire = await home.wire();
	const alice = await home.join('alice', wire.server, vault.open());
	// What the test looks at costs her nothing.
	alice.vault = vault.kept;
	const bob = await home.join('bob');
	await alice.befriend(bob);
	await bob.messenger.messages.send(alice.jid, 'before');
	await alice.received(bob, 'before');
	const own = await alice.messenger.devices.of(alice.jid);
	const device = own.find(({ isThis }) => isThis)?.id ?? 0;
	/** Those from one number to another say something; all of it has been dealt with when what a contact says then has. */
	const say = async (what: Say, from: number, to: number) => {
		const begin = wire.log.length;
		const said = () =>
			wire.log.slice(begin).filter(({ xml }) => /^<message[^>]*@far\.localhost/.test(xml)).length;
		for (let n = from; n < to; n++)
			home.far.send(
				`<message from="s${n}.${alice.user}@${FAR}/web" to="${alice.jid}" type="chat" id="${n}">${what(n, device)}</message>`,
			);
		await until('strangers', () => said() === to - from);
		await bob.messenger.messages.send(alice.jid, `up to ${to}`);
		await alice.received(bob, `up to ${to}`);
	};
	const first = isFull ? FULL : 0;
	if (isFull) await say(text, 0, FULL);
	const { calls, rows } = vault;
	const kept = async () => (await vault.kept.chat.page('', { limit: 1_000_000 })).length;
	const before = await kept();
	for (let n = first; n < first + count; n += BETWEEN) await say(says, n, n + BETWEEN);
	const texts = (await alice.allMessages(bob)).map(({ text }) => text);
	const among = Array.from({ length: count / BETWEEN }, (_, n) => first + (n + 1) * BETWEEN);
	expect(texts).toEqual([
		'before',
		...[...(isFull ? [FULL] : []), ...among].map((to) => `up to ${to}`),
	]);
	const { conversations, typing } = alice.messenger.state;
	const cost = {
		calls: vault.calls - calls,
		rows: vault.rows - rows,
		left: (await kept()) - before,
		conversations: conversations.length,
		typing: Object.keys(typing).length,
	};
	return { alice, bob, cost };
}

it.each(CROWDS)(
	`strangers who say %s, %s, cost no more each where they are ${2 * STRANGERS}, and leave nothing behind`,
	async (_, __, says, isFull) => {
		const { cost: one } = await crowd(says, STRANGERS, isFull);
		const { alice, bob, cost: two } = await crowd(says, 2 * STRANGERS, isFull);
		const ofContact = (STRANGERS / BETWEEN) * COST_OF_CONTACT;
		const calls = Math.max(one.calls, STRANGERS * CALLS_OF_ONE);
		expect(two.calls).toBeLessThan(2 * GROWTH * calls + ofContact);
		expect(two.rows).toBeLessThan(2 * GROWTH * one.rows + ofContact);
		// None of these depends on how many they are.
		expect(two.left - one.left).toBeLessThan(ofContact);
		expect(two.conversations).toBeLessThan(STRANGERS);
		expect(two.conversations).toBeLessThanOrEqual(one.conversations * GROWTH);
		expect(two.typing).toBeLessThanOrEqual(one.typing * GROWTH);
		// Whom one knows is not pushed out, and one can go on with them; also the next time.
		const has = () => alice.messenger.state.conversations.some(({ peer }) => peer === bob.jid);
		expect(has()).toBe(true);
		await alice.messenger.close();
		await alice.signIn();
		expect(has()).toBe(true);
		expect(alice.messenger.state.conversations.length).toBeLessThanOrEqual(
			one.conversations * GROWTH,
		);
		// None of them learns that she is there.
		expect(home.far.received.filter((xml) => /\bto="[^"]*@/.test(xml))).toEqual([]);
		await alice.messenger.messages.send(bob.jid, 'an answer');
		await bob.received(alice, 'an answer');
	},
	600_000,
);
