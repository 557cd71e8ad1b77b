import { beforeAll, beforeEach, expect, it } from 'vitest';
import { stanzaError } from './component.ts';
import { type Person, until } from './person.ts';
import { deviceListXml, startRawClient } from './raw-client.ts';
import { useServer } from './use-server.ts';
import type { Wire } from './wire.ts';

/** Milliseconds in which a message is there that nothing holds up; far below the 15 s that an answer may take. */
const AT_ONCE = 10_000;
/** Milliseconds in which what waited is tried again. */
const AGAIN = 60_000;
/** A device that nobody has, on a list beside one that somebody has. */
const GHOST = 777;

const home = useServer();
let wire: Wire;
let alice: Person;
let bob: Person;

beforeAll(async () => {
	wire = await home.wire();
	bob = await home.join('bob');
}, 60_000);

beforeEach(async () => {
	wire.pass = (xml) => xml;
	alice = await home.join('alice', wire.server);
	await alice.befriend(bob);
});

/**
 * From now on alice gets this answer when she asks somebody's server for `what`, until the returned function is called;
 * undefined for none at all.
 */
function disturb(jid: string, what: string, content: string | undefined): () => void {
	wire.pass = (xml, from, line) => {
		if (from !== 'client' || !xml.startsWith('<iq') || !xml.includes(what)) return xml;
		if (!xml.includes(`to="${jid}"`) || !xml.includes('type="get"')) return xml;
		const id = /\bid="([^"]*)"/.exec(xml)?.[1];
		if (content !== undefined)
			line.tell(`<iq xmlns="jabber:client" from="${jid}" id="${id}" type="error">${content}</iq>`);
		return undefined;
	};
	return () => {
		wire.pass = (xml) => xml;
	};
}

const stateOf = async (peer: Person, text: string) => (await alice.own(peer, text)).state;

it('what waits is edited and keeps its order, goes out when the way is free, and nothing else waited', async () => {
	const carol = await home.join('carol');
	const heal = disturb(carol.jid, 'devicelist', stanzaError('remote-server-timeout', 'wait'));
	await alice.messenger.messages.send(carol.jid, 'furst');
	await alice.messenger.messages.send(carol.jid, 'second');
	await alice.messenger.messages.send(bob.jid, 'meanwhile');
	await bob.received(alice, 'meanwhile', AT_ONCE);
	expect(await stateOf(carol, 'furst')).toBe('waiting');
	await alice.messenger.messages.correct(await alice.own(carol, 'furst'), 'first');
	heal();
	await until('both', async () => (await carol.allMessages(alice)).length >= 2, AGAIN);
	const came = await carol.allMessages(alice);
	// Nobody has seen what it said before: it is no correction.
	expect(came.map(({ text, isCorrected }) => [text, isCorrected])).toEqual([
		['first', undefined],
		['second', undefined],
	]);
	expect(came.every(({ isEncrypted }) => isEncrypted)).toBe(true);
	await alice.delivered(carol, 'first', 'sent', 'delivered', 'read');
}, 90_000);

it('what waits goes out after a restart when the way is free, and once', async () => {
	const dan = await home.join('dan');
	const heal = disturb(dan.jid, 'devicelist', undefined);
	await alice.messenger.messages.send(dan.jid, 'are you there?');
	await alice.messenger.messages.send(bob.jid, 'before the restart');
	await bob.received(alice, 'before the restart', AT_ONCE);
	heal();
	await alice.restart();
	await alice.messenger.messages.send(dan.jid, 'and now?');
	await until('both', async () => (await dan.allMessages(alice)).length >= 2, AGAIN);
	const texts = (await dan.allMessages(alice)).map(({ text }) => text);
	expect(texts).toEqual(['are you there?', 'and now?']);
}, 90_000);

it('what has failed is tried again when somebody says so, and what was said since has not waited', async () => {
	const erin = await home.join('erin');
	const heal = disturb(erin.jid, 'devicelist', stanzaError('not-allowed', 'cancel'));
	await alice.messenger.messages.send(erin.jid, 'refused');
	await until('failed', async () => (await stateOf(erin, 'refused')) === 'failed', AT_ONCE);
	expect((await alice.own(erin, 'refused')).problem).toBe('not-allowed');
	heal();
	await alice.messenger.messages.retry(await alice.own(erin, 'refused'));
	await erin.received(alice, 'refused', AT_ONCE);
	await alice.delivered(erin, 'refused', 'sent', 'delivered', 'read');
	expect((await alice.own(erin, 'refused')).problem).toBeUndefined();
});

const BUNDLES: [name: string, content: string | undefined][] = [
	['is silent', undefined],
	['errors', stanzaError('internal-server-error', 'cancel')],
	['errors for now', stanzaError('remote-server-timeout', 'wait')],
];

it.each(BUNDLES)(
	'a device whose bundle %s is left out, and its owner read on the others',
	async (_, content) => {
		const peer = await home.join('frank');
		await alice.befriend(peer);
		await alice.messenger.messages.send(peer.jid, 'hello');
		await peer.received(alice, 'hello', AT_ONCE);
		const heal = disturb(peer.jid, `bundles:${GHOST}`, content);
		const own = (await peer.messenger.devices.of(peer.jid)).find(({ isThis }) => isThis)?.id ?? 0;
		const other = await startRawClient(home.server, peer.user);
		other.send(deviceListXml([own, GHOST]));
		await until('the ghost', async () =>
			(await alice.messenger.devices.of(peer.jid)).some(({ id }) => id === GHOST),
		);
		other.close();
		await alice.messenger.messages.send(peer.jid, 'with a ghost');
		await alice.messenger.messages.send(bob.jid, 'beside it');
		await bob.received(alice, 'beside it', AT_ONCE);
		// What is silent is waited for once.
		await peer.received(alice, 'with a ghost');
		await alice.messenger.messages.send(peer.jid, 'once more');
		await peer.received(alice, 'once more', AT_ONCE);
		heal();
	},
	60_000,
);
