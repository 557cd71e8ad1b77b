import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeMessenger } from '../../src/chat/account/messenger.ts';
import { createMemoryVault } from '../../src/vault/vault.ts';
import { registerAccount } from '../../src/xmpp/extensions/registration/register-account.ts';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { Person, until } from './person.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
let server: ProsodyServer;

beforeAll(async () => {
	server = await startProsody({
		folder,
		accounts: [{ user: 'alice', password: 'alice' }],
		settings: 'allow_registration = true',
	});
}, 60_000);

afterAll(async () => {
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
});

/** Whether the server takes a password. */
function accepts(account: string, password: string): Promise<boolean> {
	return new Promise((resolve) => {
		const decide = (taken: boolean) => {
			void messenger.close();
			resolve(taken);
		};
		const credentials = { account, password, url: server.websocket };
		const told = { online: () => decide(true), refused: () => decide(false) };
		const messenger = makeMessenger(createMemoryVault(), credentials, told);
	});
}

it('an account is made once, and its password changed', async () => {
	const account = 'newcomer@localhost';
	const url = server.websocket;
	expect(await accepts(account, 'first password')).toBe(false);
	await registerAccount({ account, password: 'first password', url });
	await expect(registerAccount({ account, password: 'other', url })).rejects.toMatchObject({
		code: 'address-taken',
	});
	const person = await new Person(server, 'newcomer', 'first password').signIn();
	await person.messenger.changePassword('second password');
	await person.messenger.close();
	expect(await accepts(account, 'first password')).toBe(false);
	expect(await accepts(account, 'second password')).toBe(true);
}, 30_000);

it('a server that makes no accounts says so', async () => {
	const closedFolder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
	const closed = await startProsody({ folder: closedFolder });
	await expect(
		registerAccount({ account: 'x@localhost', password: 'x', url: closed.websocket }),
	).rejects.toMatchObject({ code: 'registration-closed' });
	await closed.close();
	rmSync(closedFolder, { recursive: true, force: true });
	await expect(
		registerAccount({ account: 'x@localhost', password: 'x', url: closed.websocket }),
	).rejects.toMatchObject({ code: 'offline' });
}, 30_000);

it('who is blocked is not heard, and is told so by the server; afterwards is heard again', async () => {
	const alice = await new Person(server, 'alice').signIn();
	await registerAccount({ account: 'bob@localhost', password: 'bob', url: server.websocket });
	const bob = await new Person(server, 'bob').signIn();
	await bob.messenger.messages.send(alice.jid, 'before');
	await alice.received(bob, 'before');
	await alice.messenger.people.setBlocked(bob.jid, true);
	await until('blocked', () => alice.messenger.state.blocked[bob.jid]);
	await bob.messenger.messages.send(alice.jid, 'unheard');
	const failed = await bob.delivered(alice, 'unheard', 'failed');
	expect(failed.problem).toBe('service-unavailable');
	await alice.messenger.people.setBlocked(bob.jid, false);
	await bob.messenger.messages.retry(failed);
	await alice.received(bob, 'unheard');
	const texts = (await alice.allMessages(bob)).map(({ text }) => text);
	expect(texts).toEqual(['before', 'unheard']);
	await alice.messenger.close();
	await bob.messenger.close();
}, 60_000);
