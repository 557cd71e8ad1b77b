import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { makeSession, type Session } from '../../src/chat/account/account-session.ts';
import {
	loadCredentials,
	saveCredentials,
	saveHome,
	saveServer,
} from '../../src/chat/account/credentials.ts';
import { unshownFiles } from '../../src/chat/files/message-files.ts';
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
	const session = makeSession(vault, true, {
		...unshownFiles(vault),
		enter: () => undefined,
		leave: () => undefined,
	});
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
			?.devices.of(session.state.account)
			.catch(() => []);
		return devices?.some(({ isThis, active }) => isThis && active) === true;
	});

async function gets(session: Session, text: string): Promise<void> {
	await until(`"${text}"`, async () => {
		await session.messenger()?.chats.open(bob.jid);
		const messages = session.messenger()?.chats.timeline()?.state.messages ?? [];
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
	await bob.messenger.messages.send(BOUND, 'welcome');
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
	await bob.messenger.messages.send(BOUND_BEFORE, 'again');
	await gets(session, 'again');
	// And found as it is the next time.
	await session.messenger()?.close();
	const next = open();
	await phase(next, 'signed-in');
	expect(next.state.account).toBe(BOUND_BEFORE);
	await gets(next, 'again');
});

it('a server that was typed is known when somebody signs in again', async () => {
	const session = open();
	await phase(session, 'signed-out');
	await session.signIn(TYPED, 'secret', server.websocket);
	await phase(session, 'signed-in');
	await session.signOut();
	await session.signIn(TYPED, 'secret', '');
	await phase(session, 'signed-in');
	await session.signOut();
	const later = open();
	await phase(later, 'signed-out');
	expect(later.state.server).toEqual({ domain: 'localhost', url: server.websocket });
	await later.erase();
	expect(later.state.server).toBeUndefined();
	const erased = open();
	await phase(erased, 'signed-out');
	expect(erased.state.server).toBeUndefined();
});

it('no server that somebody types lets them in to what is kept of another', async () => {
	const session = open();
	await phase(session, 'signed-out');
	await session.signIn(TYPED, 'secret', server.websocket);
	await phase(session, 'signed-in');
	await session.signOut();
	const url = new URL(server.websocket);
	url.hostname = url.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
	for (const address of [TYPED, 'mallory@localhost']) {
		await session.signIn(address, 'whatever', url.href);
		expect(session.state).toMatchObject({ phase: 'signed-out', problem: 'other-server' });
	}
	await session.signIn(TYPED, 'secret', '');
	await phase(session, 'signed-in');
});

it('a domain that has moved is signed in to where it says that it is', async () => {
	const session = open();
	await phase(session, 'signed-out');
	await saveHome(vault.chat, 'localhost', 'wss://before.example');
	vi.stubGlobal('location', { origin: 'http://localhost' });
	let named = 'ws://[::1]:1/';
	vi.stubGlobal('fetch', async () =>
		Response.json({ links: [{ rel: 'urn:xmpp:alt-connections:websocket', href: named }] }),
	);
	await session.signIn(TYPED, 'secret', server.websocket);
	expect(session.state).toMatchObject({ phase: 'signed-out', problem: 'other-server' });
	named = server.websocket;
	await session.signIn(TYPED, 'secret', server.websocket);
	await phase(session, 'signed-in');
});

it('what was typed once leads nobody elsewhere than where their domain says that it is', async () => {
	// By somebody else, maybe, who has a server of their own.
	await saveServer(vault.chat, { domain: 'localhost', url: 'ws://[::1]:1/' });
	await saveHome(vault.chat, 'localhost', 'ws://[::1]:1/');
	vi.stubGlobal('location', { origin: 'http://localhost' });
	vi.stubGlobal('fetch', async () =>
		Response.json({
			links: [{ rel: 'urn:xmpp:alt-connections:websocket', href: server.websocket }],
		}),
	);
	const session = open();
	await phase(session, 'signed-out');
	await session.signIn(TYPED, 'secret', '');
	expect(session.state).toMatchObject({ phase: 'signed-in' });
	expect(session.state.server?.url).toBe(server.websocket);
});

it('a wrong password keeps nobody, whatever the account is called', async () => {
	const session = open();
	await phase(session, 'signed-out');
	await session.signIn(TYPED, 'wrong', server.websocket);
	expect(session.state).toMatchObject({ phase: 'signed-out', problem: 'auth-failed' });
	expect(await loadCredentials(vault.chat)).toBeUndefined();
	expect(session.messenger()).toBeUndefined();
});

it('of two copies one is online, and the other takes over when it is told to', async () => {
	const one = open();
	await phase(one, 'signed-out');
	await one.signIn('alice@localhost', 'secret', server.websocket);
	await isPublished(one);
	// Node has no locks of tabs: it is the server that tells.
	const other = open();
	// The first, as a rule; but if what it says crosses the server's word, that is lost, and it takes the place again.
	const away = () => [one, other].find(({ state }) => state.phase === 'elsewhere');
	const here = () => [one, other].find(({ state }) => state.phase === 'signed-in');
	for (const text of ['to one of them', 'to one of them again']) {
		await until(
			() => `one, but ${one.state.phase} and ${other.state.phase}`,
			() => away() !== undefined && here() !== undefined,
		);
		const [before, after] = [away(), here()];
		if (before === undefined || after === undefined) throw new Error('both, or none');
		expect(before.messenger()).toBeUndefined();
		await isPublished(after);
		await bob.messenger.messages.send('alice@localhost', text);
		await gets(after, text);
		expect(before.state.phase).toBe('elsewhere');
		before.takeOver();
		await until('taken over', () => before.state.phase !== 'elsewhere');
	}
});
