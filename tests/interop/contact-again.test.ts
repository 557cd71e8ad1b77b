import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { Person } from './person.ts';
import { until } from './until.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-again-'));
let server: ProsodyServer;
let alice: Person;
let bob: Person;

beforeAll(async () => {
	const users = ['alice', 'bob'];
	server = await startProsody({
		folder,
		accounts: users.map((user) => ({ user, password: user })),
	});
	alice = await new Person(server, 'alice').signIn();
	bob = await new Person(server, 'bob').signIn();
}, 60_000);

afterAll(async () => {
	await alice?.messenger.close();
	await bob?.messenger.close();
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
});

const contact = (who: Person, of: Person) => who.messenger.state.contacts[of.jid];
const isSeen = (who: Person, of: Person) => who.messenger.state.available[of.jid] === true;

it('a contact who is removed is no longer online, and can be added again', async () => {
	for (let round = 0; round < 2; round++) {
		await alice.messenger.people.addContact(bob.jid);
		await until('request', () => bob.messenger.state.requests.includes(alice.jid));
		bob.messenger.people.answerRequest(alice.jid, true);
		await until('contacts', () => contact(alice, bob)?.subscription === 'both');
		await until('online', () => isSeen(alice, bob) && isSeen(bob, alice));
		await alice.messenger.people.removeContact(bob.jid);
		await until('removed', () => contact(alice, bob) === undefined);
		await until('not seen', () => !isSeen(alice, bob));
		await until('not seen by the other', () => !isSeen(bob, alice));
		expect(contact(bob, alice)?.subscription).toBe('none');
	}
});
