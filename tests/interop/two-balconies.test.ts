import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { Person, until } from './person.ts';

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
}, 60_000);

afterAll(async () => {
	await alice?.messenger.close();
	await bob?.messenger.close();
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
});

describe('two Balconies on a real Prosody', () => {
	it('become contacts', async () => {
		await alice.messenger.people.addContact(bob.jid, 'Bob');
		await until('request', () => bob.messenger.state.requests.includes(alice.jid));
		bob.messenger.people.answerRequest(alice.jid, true);
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
		await alice.messenger.messages.send(bob.jid, 'hello Bob');
		const received = await bob.received(alice, 'hello Bob');
		expect(received).toMatchObject({ isEncrypted: true, device: { trust: 'blind' } });
		await alice.delivered(bob, 'hello Bob', 'delivered', 'read');
		await bob.messenger.messages.send(alice.jid, 'hello Alice');
		expect((await alice.received(bob, 'hello Alice')).isEncrypted).toBe(true);
		await bob.delivered(alice, 'hello Alice', 'delivered', 'read');
	});

	it('lose, double and reorder nothing while the server is killed again and again', async () => {
		const count = 40;
		const texts = (who: string) => Array.from({ length: count }, (_, n) => `${who} ${n}`);
		const talk = async (from: Person, to: Person, who: string) => {
			for (const text of texts(who)) {
				await from.messenger.messages.send(to.jid, text);
				await new Promise((resolve) => setTimeout(resolve, 30));
			}
		};
		const talking = Promise.all([talk(alice, bob, 'a'), talk(bob, alice, 'b')]);
		for (let kill = 0; kill < 3; kill++) {
			await server.kill();
			await server.start();
			for (const person of [alice, bob]) person.messenger.wake();
			await until('someone is back', () => alice.messenger.state.connection === 'online');
		}
		await talking;
		for (const person of [alice, bob]) {
			person.messenger.wake();
			await person.online();
		}
		for (const [from, to, who] of [
			[alice, bob, 'a'],
			[bob, alice, 'b'],
		] as const) {
			await to.received(from, `${who} ${count - 1}`);
			await from.delivered(to, `${who} ${count - 1}`, 'delivered', 'read');
			const got = await until(`all of ${who}`, async () => {
				const messages = (await to.allMessages(from)).filter(({ isOwn }) => !isOwn);
				const numbered = messages.filter(({ text }) => text?.startsWith(`${who} `));
				return numbered.length >= count && numbered;
			});
			expect(got.map(({ text }) => text)).toEqual(texts(who));
			expect(got.every(({ isEncrypted }) => isEncrypted)).toBe(true);
			const problems = (await to.allMessages(from)).filter(({ problem }) => problem !== undefined);
			expect(problems).toEqual([]);
		}
	}, 120_000);
});
