import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { loadCredentials, saveCredentials } from '../../src/chat/messenger/credentials.ts';
import { makeSession, type Session } from '../../src/chat/session.ts';
import { createMemoryVault, type Vault } from '../../src/vault/vault.ts';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { Person, until } from './person.ts';

/** As they are typed, and as the server writes them. */
const [TYPED, BOUND] = ['strauß@localhost', 'strauss@localhost'];
const [TYPED_BEFORE, BOUND_BEFORE] = ['οδυσσεύς@localhost', 'οδυσσεύσ@localhost'];

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
let server: ProsodyServer;
let bob: Person;
let vault: Vault;
let sessions: Session[];

beforeAll(async () => {
	server = await startProsody({
		folder,
		accounts: ['strauss', 'οδυσσεύσ', 'alice', 'bob'].map((user) => ({ user, password: 'secret' })),
	});
	bob = await new Person(server, 'bob', 'secret').signIn();
}, 60_000);

afterAll(async () => {
	await bob?.messenger.close();
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
	vault = createMemoryVault();
	sessions = [];
	// What a session listens to; nothing of it happens here.
	vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
	vi.stubGlobal('addEventListener', () => undefined);
	vi.stubGlobal('removeEventListener', () => undefined);
});

afterEach(async () => {
	for (const session of sessions) {
		await session.signOut();
		session.close();
	}
	vi.unstubAllGlobals();
});

function open(): Session {
	const session = makeSession(vault, true);
	sessions.push(session);
	return session;
}

const phase = (session: Session, wanted: string) =>
	until(
		() => `${wanted}, but ${session.state.phase}`,
		() => session.state.phase === wanted,
	);

/** Others can write to it: its device stands on the list. */
const isPublished = (session: Session) =>
	until('published', async () => {
		const devices = await session
			.messenger()
			?.devices(session.state.account)
			.catch(() => []);
		return devices?.some(({ isThis, active }) => isThis && active) === true;
	});

async function gets(session: Session, text: string): Promise<void> {
	await until(`"${text}"`, async () => {
		await session.messenger()?.open(bob.jid);
		const messages = session.messenger()?.timeline()?.state.messages ?? [];
		return messages.some((message) => message.text === text);
	});
}

it('an account is what the server makes of it, from the first time on', async () => {
	const session = open();
	await phase(session, 'signed-out');
	await session.signIn(TYPED, 'secret', server.websocket);
	expect(session.state).toMatchObject({ phase: 'signed-in', account: BOUND });
	expect(session.messenger()?.state.account).toBe(BOUND);
	expect(await loadCredentials(vault.chat)).toMatchObject({ account: BOUND, login: TYPED });
	await isPublished(session);
	await bob.messenger.send(BOUND, 'welcome');
	await gets(session, 'welcome');
});

it('an account that was kept as it was typed is put right', async () => {
	await saveCredentials(vault.chat, {
		account: TYPED_BEFORE,
		password: 'secret',
		url: server.websocket,
	});
	const session = open();
	await until('renamed', () => session.messenger()?.state.account === BOUND_BEFORE);
	await phase(session, 'signed-in');
	expect(await loadCredentials(vault.chat)).toMatchObject({
		account: BOUND_BEFORE,
		login: TYPED_BEFORE,
	});
	await isPublished(session);
	await bob.messenger.send(BOUND_BEFORE, 'again');
	await gets(session, 'again');
	// And found as it is the next time.
	await session.messenger()?.close();
	const next = open();
	await phase(next, 'signed-in');
	expect(next.state.account).toBe(BOUND_BEFORE);
	await gets(next, 'again');
});

it('a wrong password keeps nobody, whatever the account is called', async () => {
	const session = open();
	await phase(session, 'signed-out');
	await session.signIn(TYPED, 'wrong', server.websocket);
	expect(session.state).toMatchObject({ phase: 'signed-out', problem: 'auth-failed' });
	expect(await loadCredentials(vault.chat)).toBeUndefined();
	expect(session.messenger()).toBeUndefined();
});

it('a copy that comes online takes over, until it is taken back', async () => {
	const first = open();
	await phase(first, 'signed-out');
	await first.signIn('alice@localhost', 'secret', server.websocket);
	// Node has no locks of tabs: it is the server that tells.
	const second = open();
	await phase(second, 'signed-in');
	await phase(first, 'elsewhere');
	expect(first.messenger()).toBeUndefined();
	await isPublished(second);
	await bob.messenger.send('alice@localhost', 'to the second');
	await gets(second, 'to the second');
	first.takeOver();
	await phase(first, 'signed-in');
	await phase(second, 'elsewhere');
	await isPublished(first);
	await bob.messenger.send('alice@localhost', 'to the first');
	await gets(first, 'to the first');
});
