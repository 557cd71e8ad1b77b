import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEjabberd } from '../../tools/ejabberd.ts';
import type { XmppServer } from '../../tools/xmpp-server.ts';
import { Person, until } from './person.ts';

// What it publishes and archives is kept by other code in each.
describe.each(['sqlite', 'mnesia'] as const)(
	'two Balconies on a real ejabberd over %s',
	(database) => {
		const folder = mkdtempSync(path.join(tmpdir(), 'balcony-ejabberd-'));
		let server: XmppServer;
		let alice: Person;
		let bob: Person;

		beforeAll(async () => {
			const accounts = ['alice', 'bob'].map((user) => ({ user, password: user }));
			server = await startEjabberd({ folder, accounts, database });
			alice = await new Person(server, 'alice').signIn();
			bob = await new Person(server, 'bob').signIn();
		}, 60_000);

		afterAll(async () => {
			await alice?.messenger.close();
			await bob?.messenger.close();
			await server?.close();
			rmSync(folder, { recursive: true, force: true });
		});

		it('miss nothing, and know where it takes files', async () => {
			for (const { messenger } of [alice, bob]) {
				const upload = await until('found', () => messenger.state.upload);
				expect(upload).toEqual({ jid: 'upload.localhost', maxSize: 100 * 1024 * 1024 });
				expect(messenger.state.missing).toEqual([]);
			}
		});

		it('become contacts', async () => {
			await alice.messenger.addContact(bob.jid, 'Bob');
			await until('request', () => bob.messenger.state.requests.includes(alice.jid));
			bob.messenger.answerRequest(alice.jid, true);
			for (const [one, other] of [
				[alice, bob],
				[bob, alice],
			] as const)
				await until('both see each other', () => {
					const contact = one.messenger.state.contacts[other.jid];
					return contact?.subscription === 'both' && one.messenger.state.available[other.jid];
				});
			expect(alice.messenger.state.contacts[bob.jid]?.name).toBe('Bob');
		});

		it('talk encrypted, both ways, with receipts', async () => {
			await alice.messenger.send(bob.jid, 'hello Bob');
			const received = await bob.received(alice, 'hello Bob');
			expect(received).toMatchObject({ isEncrypted: true, device: { trust: 'blind' } });
			await alice.delivered(bob, 'hello Bob', 'delivered', 'read');
			await bob.messenger.send(alice.jid, 'hello Alice');
			expect((await alice.received(bob, 'hello Alice')).isEncrypted).toBe(true);
			await bob.delivered(alice, 'hello Alice', 'delivered', 'read');
		});
	},
);
