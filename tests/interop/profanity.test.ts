import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { Person, until } from './person.ts';
import { Profanity } from './profanity.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
let server: ProsodyServer;
let alice: Person;
let carol: Profanity;

beforeAll(async () => {
	const users = ['alice', 'carol', 'dora'];
	server = await startProsody({
		folder,
		accounts: users.map((user) => ({ user, password: user })),
	});
	alice = await new Person(server, 'alice').signIn();
	carol = await Profanity.start(server, 'carol', 'carol');
	// Receipts go to contacts only.
	await alice.messenger.people.addContact(carol.jid);
	await carol.type(`/sub allow ${alice.jid}`);
	await carol.type(`/sub request ${alice.jid}`);
	await until('contacts', () => {
		const contact = alice.messenger.state.contacts[carol.jid];
		return contact?.subscription === 'both';
	});
}, 90_000);

afterAll(async () => {
	carol?.close();
	await alice?.messenger.close();
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
});

describe('Profanity', () => {
	it('reads what Balcony begins, and answers, with receipts', async () => {
		await alice.messenger.messages.send(carol.jid, 'the first from Balcony');
		await carol.shows(/alice@localhost.*\(\d+\)|the first from Balcony/);
		await carol.type(`/msg ${alice.jid}`);
		await carol.shows('the first from Balcony');
		await alice.delivered(carol, 'the first from Balcony', 'delivered', 'read');
		await carol.type(`/omemo start ${alice.jid}`, /OMEMO/);
		await carol.type('an answer from Profanity');
		const answer = await alice.received(carol, 'an answer from Profanity');
		expect(answer).toMatchObject({ isEncrypted: true, device: { trust: 'blind' } });
		for (let round = 0; round < 5; round++) {
			await alice.messenger.messages.send(carol.jid, `round ${round} there`);
			await carol.shows(`round ${round} there`);
			await carol.type(`round ${round} back`);
			await alice.received(carol, `round ${round} back`);
		}
		const problems = (await alice.messages(carol)).filter(({ problem }) => problem !== undefined);
		expect(problems).toEqual([]);
	}, 60_000);

	it('begins, and Balcony reads it and answers', async () => {
		const dora = await new Person(server, 'dora').signIn();
		await dora.messenger.people.addContact(carol.jid);
		await carol.type(`/sub allow ${dora.jid}`);
		await carol.type(`/sub request ${dora.jid}`);
		await until('contacts', () => {
			const contact = dora.messenger.state.contacts[carol.jid];
			return contact?.subscription === 'both';
		});
		await carol.type(`/msg ${dora.jid}`);
		await carol.type(`/omemo start ${dora.jid}`, /OMEMO/);
		// Its window of what goes on, where it tells that it has the keys.
		await carol.type('/win 1');
		await carol.shows(`Blind trust for ${dora.jid}`);
		await carol.type(`/msg ${dora.jid}`);
		await carol.type('Profanity begins');
		expect((await dora.received(carol, 'Profanity begins')).isEncrypted).toBe(true);
		await dora.messenger.messages.send(carol.jid, 'and Balcony answers');
		await carol.shows('and Balcony answers');
		await dora.delivered(carol, 'and Balcony answers', 'delivered', 'read');
		await dora.messenger.close();
	}, 60_000);
});
