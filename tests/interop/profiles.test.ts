import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { Person, until } from './person.ts';

/** A picture of one pixel. */
const PNG = new Uint8Array(
	Buffer.from(
		'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
		'base64',
	),
);

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
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
	await alice.messenger.people.addContact(bob.jid);
	await until('request', () => bob.messenger.state.requests.includes(alice.jid));
	bob.messenger.people.answerRequest(alice.jid, true);
	await until('contacts', () => alice.messenger.state.contacts[bob.jid]?.subscription === 'both');
}, 60_000);

afterAll(async () => {
	await alice?.messenger.close();
	await bob?.messenger.close();
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
});

const profile = (who: Person, of: Person) => who.messenger.state.profiles[of.jid];

it('contacts see the picture and the name that somebody gave themselves, and that they are gone', async () => {
	await alice.messenger.people.setOwnName('Alice in person');
	await alice.messenger.people.setOwnAvatar(PNG);
	await until('name', () => profile(bob, alice)?.name === 'Alice in person');
	const url = await until('picture', () => profile(bob, alice)?.avatar);
	const shown = await (await fetch(url)).arrayBuffer();
	expect(new Uint8Array(shown)).toEqual(PNG);
	expect(profile(alice, alice)?.avatar).toBeDefined();
	await alice.messenger.people.setOwnAvatar(undefined);
	await until('no picture', () => profile(bob, alice)?.avatar === undefined);
	expect(profile(bob, alice)?.name).toBe('Alice in person');
});

it('they are there again without a connection', async () => {
	await alice.messenger.people.setOwnAvatar(PNG);
	await until('picture', () => profile(bob, alice)?.avatar);
	await bob.messenger.close();
	await server.kill();
	bob = new Person(server, 'bob', 'bob', bob.vault);
	void bob.signIn().catch(() => undefined);
	await until('kept', () => bob.messenger?.state.loaded && profile(bob, alice)?.avatar);
	expect(bob.messenger.state.connection).not.toBe('online');
	await server.start();
	await bob.online();
});

it('another device learns them when it signs in', async () => {
	const tablet = await new Person(server, 'bob').signIn();
	await until('name', () => profile(tablet, alice)?.name === 'Alice in person');
	await until('picture', () => profile(tablet, alice)?.avatar);
	await tablet.messenger.close();
});

it('a contact can be called otherwise', async () => {
	await bob.messenger.people.renameContact(alice.jid, 'My friend');
	await until('renamed', () => bob.messenger.state.contacts[alice.jid]?.name === 'My friend');
	expect(bob.messenger.state.contacts[alice.jid]?.subscription).toBe('both');
});

it('the server says where it takes files', async () => {
	const upload = await until('found', () => alice.messenger.state.upload);
	expect(upload.jid).toBe('upload.localhost');
	expect(upload.maxSize).toBeGreaterThan(0);
	expect(alice.messenger.state.missing).toEqual([]);
});
