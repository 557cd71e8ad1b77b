import { beforeAll, expect, it } from 'vitest';
import type { Message } from '../../src/chat/model/message.ts';
import { type Question, stanzaError } from './component.ts';
import { type Person, until } from './person.ts';
import { useServer } from './use-server.ts';

/** Milliseconds in which a message is there that nothing holds up; far below the 15 s that an answer may take. */
const AT_ONCE = 10_000;
const OMEMO = 'eu.siacs.conversations.axolotl';
const PUBSUB = 'http://jabber.org/protocol/pubsub';

/** What the far server answers, by the name that is asked for. */
function answer({ user, node }: Question): string | undefined {
	const [asked, condition = '', type = ''] = user.split('.');
	const items = (content: string) =>
		`<pubsub xmlns="${PUBSUB}"><items node="${node}"><item id="current">${content}</item></items></pubsub>`;
	if (asked === 'bundle' && node === `${OMEMO}.devicelist`)
		return items(`<list xmlns="${OMEMO}"><device id="777"/></list>`);
	if (condition === 'silent') return undefined;
	if (condition === 'garbage')
		return items(
			`<bundle xmlns="${OMEMO}"><identityKey>AAAA</identityKey><prekeys><preKeyPublic/></prekeys></bundle>`,
		);
	return stanzaError(condition, type);
}

/** This Prosody reaches no other server, and says `not-allowed` of it. */
const NOWHERE = 'typo@nowhere.example';
const FAILS = [
	NOWHERE,
	'list.remote-server-not-found.cancel@far.localhost',
	'list.not-acceptable.cancel@far.localhost',
	'list.not-acceptable.modify@far.localhost',
	'list.internal-server-error.cancel@far.localhost',
	'list.not-allowed.cancel@far.localhost',
	'list.feature-not-implemented.cancel@far.localhost',
	'list.gone.modify@far.localhost',
	'list.garbage@far.localhost',
	'bundle.not-acceptable.cancel@far.localhost',
	'bundle.internal-server-error.cancel@far.localhost',
	'bundle.garbage@far.localhost',
];
const WAITS = [
	'list.remote-server-timeout.wait@far.localhost',
	'list.remote-server-timeout.cancel@far.localhost',
	'list.internal-server-error.wait@far.localhost',
	'list.resource-constraint.wait@far.localhost',
	'list.silent@far.localhost',
	'bundle.remote-server-timeout.wait@far.localhost',
	'bundle.silent@far.localhost',
];

const home = useServer({ answer });
let bob: Person;

beforeAll(async () => {
	bob = await home.join('bob');
}, 60_000);

/** Somebody new, and a contact of bob's. */
async function somebody(): Promise<Person> {
	const person = await home.join('alice');
	await person.befriend(bob);
	return person;
}

async function reaches(person: Person, text: string): Promise<void> {
	await person.messenger.messages.send(bob.jid, text);
	await bob.received(person, text, AT_ONCE);
}

async function only(person: Person, jid: string): Promise<Message | undefined> {
	const all = await person.allMessages({ jid });
	expect(all.length).toBeLessThan(2);
	return all[0];
}

const failed = (person: Person, jid: string) =>
	until(
		`${jid} failed`,
		async () => {
			const message = await only(person, jid);
			return message?.state === 'failed' && message;
		},
		AT_ONCE,
	);

/** All that was ever said to an address of the far server. */
const said = (jid: string) =>
	home.far.received.filter((xml) => xml.startsWith('<message') && xml.includes(jid));

it.each(FAILS)('a message to %s fails, and the next one to bob is there at once', async (jid) => {
	const alice = await somebody();
	await alice.messenger.messages.send(jid, 'hello?');
	await reaches(alice, 'after');
	const { problem } = await failed(alice, jid);
	const condition = jid === NOWHERE ? 'not-allowed' : jid.split('.')[1];
	// Where there is no device that can be had, the reason is that.
	expect([condition, 'no-devices']).toContain(problem);
	await alice.restart();
	await reaches(alice, 'after a restart');
	expect((await only(alice, jid))?.state).toBe('failed');
	expect(said(jid)).toEqual([]);
});

it.each(WAITS)('a message to %s waits, but only there, and can be cancelled', async (jid) => {
	const alice = await somebody();
	await alice.messenger.messages.send(jid, 'hello?');
	await alice.messenger.messages.send(jid, 'anybody?');
	await reaches(alice, 'after');
	const states = async () => (await alice.allMessages({ jid })).map(({ state }) => state);
	expect(await states()).toEqual(['waiting', 'waiting']);
	await alice.restart();
	await reaches(alice, 'after a restart');
	expect(await states()).toEqual(['waiting', 'waiting']);
	for (const message of await alice.allMessages({ jid }))
		await alice.messenger.messages.cancel(message);
	expect(await states()).not.toContain('waiting');
	await alice.restart();
	await reaches(alice, 'after it was cancelled');
	expect(await states()).not.toContain('waiting');
	expect(said(jid)).toEqual([]);
});
