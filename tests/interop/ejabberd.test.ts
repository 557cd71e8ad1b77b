import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { registerAccount } from '../../src/xmpp/extensions/registration/register-account.ts';
import { hasEjabberd, startEjabberd } from '../../tools/ejabberd.ts';
import type { XmppServer } from '../../tools/xmpp-server.ts';
import { eachOrFirst } from '../what-runs.ts';
import { Person, until } from './person.ts';

vi.setConfig({ testTimeout: 60_000 });

const DATABASES = hasEjabberd() ? eachOrFirst(['sqlite', 'mnesia'] as const) : [];

// What is published and archived is kept by other code of its own in each.
describe.each(DATABASES)('two Balconies on a real ejabberd over %s', (database) => {
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
		await alice.messenger.people.addContact(bob.jid, 'Bob');
		await until('request', () => bob.messenger.state.requests.includes(alice.jid));
		bob.messenger.people.answerRequest(alice.jid, true);
		for (const [one, other] of [
			[alice, bob],
			[bob, alice],
		] as const)
			await until(
				() =>
					`both see each other: ${JSON.stringify([alice, bob].map(({ messenger: { state } }) => [state.connection, state.contacts, state.available, state.requests]))}`,
				() => {
					const contact = one.messenger.state.contacts[other.jid];
					return contact?.subscription === 'both' && one.messenger.state.available[other.jid];
				},
			);
		expect(alice.messenger.state.contacts[bob.jid]?.name).toBe('Bob');
	});

	it('talk encrypted, both ways, with receipts', async () => {
		await alice.messenger.messages.send(bob.jid, 'hello Bob');
		const received = await bob.received(alice, 'hello Bob');
		expect(received).toMatchObject({ isEncrypted: true, device: { trust: 'blind' } });
		await alice.delivered(bob, 'hello Bob', 'delivered', 'read');
		await bob.messenger.messages.send(alice.jid, 'hello Alice');
		expect((await alice.received(bob, 'hello Alice')).isEncrypted).toBe(true);
		await bob.delivered(alice, 'hello Alice', 'delivered', 'read');
	});

	it('hear of names from whom they asked back', async () => {
		for (const [one, other] of [
			[alice, bob],
			[bob, alice],
		] as const) {
			const name = `The real ${one.jid}`;
			await one.messenger.people.setOwnName(name);
			await until(name, () => other.messenger.state.profiles[one.jid]?.name === name);
		}
	});

	it('learn on a new device what people call themselves who are not there', async () => {
		await alice.messenger.close();
		const tablet = await new Person(server, 'bob').signIn();
		const name = await until('name', () => tablet.messenger.state.profiles[alice.jid]?.name);
		expect(name).toBe(`The real ${alice.jid}`);
		await tablet.messenger.close();
		alice = await new Person(server, 'alice', 'alice', alice.vault).signIn();
	});

	it('get all that came while they were away, in order, on a device that came meanwhile, too', async () => {
		await alice.messenger.close();
		const tablet = await new Person(server, 'bob').signIn();
		// It knows where it stands in the archive, and looks around.
		await until('looks', () => tablet.messenger.state.upload);
		await tablet.messenger.close();
		await bob.messenger.close();
		// Nobody tells Alice of the tablet: she and Bob are never there at once.
		alice = await new Person(server, 'alice', 'alice', alice.vault).signIn();
		const texts = Array.from({ length: 70 }, (_, n) => `meanwhile ${n}`);
		for (const text of texts) await alice.messenger.messages.send(bob.jid, text);
		await alice.delivered(bob, 'meanwhile 69', 'sent');
		bob = await new Person(server, 'bob', 'bob', bob.vault).signIn();
		const again = await new Person(server, 'bob', 'bob', tablet.vault).signIn();
		for (const device of [bob, again]) {
			await device.received(alice, 'meanwhile 69');
			const all = (await device.allMessages(alice)).filter(({ text }) => /^mean/.test(text ?? ''));
			expect(all.map(({ text }) => text)).toEqual(texts);
			expect(all.every(({ isEncrypted }) => isEncrypted)).toBe(true);
		}
		await again.messenger.close();
	}, 60_000);

	// Mnesia forgets the last two seconds before it is killed: accounts and contacts, too.
	it.runIf(database === 'sqlite')(
		'go on when the server was killed',
		async () => {
			for (let kill = 0; kill < 2; kill++) {
				await server.kill();
				await alice.messenger.messages.send(bob.jid, `while it is down ${kill}`);
				await server.start();
				for (const person of [alice, bob]) {
					await until('woken', () => {
						person.messenger.wake();
						return person.messenger.state.connection === 'online';
					});
					await person.online();
				}
				expect((await bob.received(alice, `while it is down ${kill}`)).isEncrypted).toBe(true);
				await bob.messenger.messages.send(alice.jid, `back again ${kill}`);
				await alice.received(bob, `back again ${kill}`);
			}
		},
		60_000,
	);

	it('do not hear who is blocked', async () => {
		await alice.messenger.people.setBlocked(bob.jid, true);
		await bob.messenger.messages.send(alice.jid, 'unheard');
		expect((await bob.delivered(alice, 'unheard', 'failed')).problem).toBe('service-unavailable');
		await alice.messenger.people.setBlocked(bob.jid, false);
	});
});

it.runIf(hasEjabberd())(
	'accounts are made, and have their password changed, where that is allowed',
	async () => {
		const folder = mkdtempSync(path.join(tmpdir(), 'balcony-ejabberd-'));
		const open = await startEjabberd({ folder });
		const account = 'newcomer@localhost';
		await registerAccount({ account, password: 'first', url: open.websocket });
		await expect(
			registerAccount({ account, password: 'other', url: open.websocket }),
		).rejects.toMatchObject({ code: 'address-taken' });
		const person = await new Person(open, 'newcomer', 'first').signIn();
		await person.messenger.changePassword('second');
		await person.messenger.close();
		await (await new Person(open, 'newcomer', 'second').signIn()).messenger.close();
		await open.close();

		const settings = { modules: { mod_register: { access: 'none' } } };
		const closed = await startEjabberd({ folder, settings });
		await expect(
			registerAccount({ account: 'late@localhost', password: 'x', url: closed.websocket }),
		).rejects.toMatchObject({ code: 'registration-closed' });
		await closed.close();
		rmSync(folder, { recursive: true, force: true });
	},
	60_000,
);
