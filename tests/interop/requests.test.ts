import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { Person, until } from './person.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
let server: ProsodyServer;
let alice: Person;
let eve: Person;
let tests = 0;

beforeAll(async () => {
	server = await startProsody({ folder });
}, 60_000);

beforeEach(async () => {
	tests += 1;
	for (const user of [`alice${tests}`, `eve${tests}`])
		await server.register({ user, password: user });
	alice = await new Person(server, `alice${tests}`).signIn();
	eve = await new Person(server, `eve${tests}`).signIn();
}, 60_000);

afterEach(async () => {
	await alice?.messenger.close();
	await eve?.messenger.close();
});

afterAll(async () => {
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
});

const withEve = (who = alice) =>
	who.messenger.state.conversations.find(({ peer }) => peer === eve.jid);

async function eveWrites(text: string): Promise<void> {
	await eve.messenger.messages.send(alice.jid, text);
	await until(text, () => withEve()?.lastText === text);
	expect(withEve()?.isRequest).toBe(true);
}

it('who asks to be a contact and has written is no request any more once they are one', async () => {
	await eveWrites('hello');
	await eve.messenger.people.addContact(alice.jid);
	await until('subscription request', () => alice.messenger.state.requests.includes(eve.jid));
	alice.messenger.people.answerRequest(eve.jid, true);
	await until('a chat', () => withEve()?.isRequest === undefined);
	expect(withEve()?.lastText).toBe('hello');
	await until('decided', () => !alice.messenger.state.requests.includes(eve.jid));
});

it('who became a contact on another device while this one was away is no request any more', async () => {
	await eveWrites('hello');
	await alice.messenger.close();
	const other = await new Person(server, `alice${tests}`).signIn();
	await other.messenger.people.addContact(eve.jid);
	await until('contact', () => other.messenger.state.contacts[eve.jid] !== undefined);
	await other.messenger.close();
	await alice.signIn();
	await until('a chat', () => {
		const conversation = withEve();
		return conversation !== undefined && conversation.isRequest === undefined;
	});
});

it('who is blocked and removed is gone, asks no more, and cannot write', async () => {
	await eveWrites('hello');
	await eve.messenger.people.addContact(alice.jid);
	await until('subscription request', () => alice.messenger.state.requests.includes(eve.jid));
	await alice.messenger.people.setBlocked(eve.jid, true);
	await alice.messenger.chats.remove(eve.jid);
	expect(alice.messenger.state.requests).toEqual([]);
	await eve.messenger.messages.send(alice.jid, 'are you there?');
	await until('refused', async () =>
		(await eve.allMessages(alice)).some(({ state }) => state === 'failed'),
	);
	expect(withEve()).toBeUndefined();
	expect(await alice.allMessages(eve)).toEqual([]);
	await alice.messenger.close();
	await alice.signIn();
	expect(withEve()).toBeUndefined();
	expect(alice.messenger.state.requests).toEqual([]);
});

it('who was removed can write again, and that is a request', async () => {
	await eveWrites('hello');
	await alice.messenger.chats.remove(eve.jid);
	expect(withEve()).toBeUndefined();
	await eveWrites('hello again');
	expect((await alice.messages(eve)).map(({ text }) => text)).toEqual(['hello again']);
});
