import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from '@playwright/test';
import { hasEjabberd, startEjabberd } from '../../tools/ejabberd.ts';
import { startProsody } from '../../tools/prosody.ts';
import type { XmppServer } from '../../tools/xmpp-server.ts';
import type { BrowserSession } from './browser/browser.ts';
import { launchChromium, openPrivate } from './browser/playwright.ts';
import { test as base, expect, openEngine } from './fixtures.ts';
import { MessengerPage } from './messenger-page.ts';

/** What the server is; each spec runs on Prosody unless it says otherwise. */
export type ServerKind = 'prosody' | 'ejabberd';

/** The kinds that are installed. */
export const SERVER_KINDS: readonly ServerKind[] = hasEjabberd()
	? ['prosody', 'ejabberd']
	: ['prosody'];

const START = { prosody: startProsody, ejabberd: startEjabberd };

/** Starts a server over the data in a folder, which is made; other ports as each kind has them. */
export function startServer(
	kind: ServerKind,
	options: { folder: string; httpPort?: number; uploadPort?: number },
): Promise<XmppServer> {
	return START[kind](options);
}

interface ChatWorker {
	/** Each kind is started once it is needed, and serves all tests of a worker. */
	serverOf: (kind: ServerKind) => Promise<XmppServer>;
	/** Started once: a browser of one's own for each person of each test takes half of a spec's time. */
	chromium: Browser;
}

export interface Chat {
	serverKind: ServerKind;
	server: XmppServer;
	alice: MessengerPage;
	bob: MessengerPage;
	bobs: BrowserSession;
	/** Alice is in a private window, where a spec is of what is said and not of what lies on the disk: half a second sooner */
	isPrivate: boolean;
	/** Bob is in Alice's engine; else in a private window of Chromium: what one engine writes the other must read */
	areAlike: boolean;
}

let users = 0;
export const PASSWORD = 'a secret';

/** Two people on a real server, each in a browser of their own; new accounts for each test. */
export const test = base.extend<Chat, ChatWorker>({
	serverOf: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
		async ({}, use) => {
			const started = new Map<ServerKind, Promise<XmppServer>>();
			const folders: string[] = [];
			await use((kind) => {
				const known = started.get(kind);
				if (known !== undefined) return known;
				const folder = mkdtempSync(path.join(tmpdir(), `balcony-${kind}-`));
				folders.push(folder);
				const starting = startServer(kind, { folder });
				started.set(kind, starting);
				return starting;
			});
			for (const server of started.values()) await (await server).close();
			for (const folder of folders) rmSync(folder, { recursive: true, force: true });
		},
		{ scope: 'worker' },
	],
	chromium: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
		async ({}, use) => {
			const browser = await launchChromium();
			await use(browser);
			await browser.close();
		},
		{ scope: 'worker' },
	],
	serverKind: ['prosody', { option: true }],
	server: async ({ serverOf, serverKind }, use) => {
		await use(await serverOf(serverKind));
	},
	isPrivate: [false, { option: true }],
	session: async ({ isPrivate, onDisk, chromium }, use, { project }) => {
		const session = await (isPrivate && project.name === 'chromium'
			? openPrivate(chromium)
			: openEngine(project.name, { onDisk }));
		await use(session);
		await session.close();
	},
	areAlike: [false, { option: true }],
	bobs: async ({ session, areAlike, chromium }, use, info) => {
		const bobs = await (areAlike ? openEngine(info.project.name) : openPrivate(chromium));
		await use(bobs);
		await bobs.close();
		expect(session).toBeDefined();
	},
	alice: async ({ session, app, server }, use) => {
		await use(await signedIn(session, app.origin, server, 'alice'));
	},
	bob: async ({ bobs, app, server, alice }, use) => {
		expect(alice).toBeDefined();
		await use(await signedIn(bobs, app.origin, server, 'bob'));
	},
});

/** A new account; its user. */
export async function registered(server: XmppServer, name: string): Promise<string> {
	users += 1;
	const user = `${name}${process.pid}-${users}`;
	await server.register({ user, password: PASSWORD });
	return user;
}

/** Somebody new in a browser, or with `user` somebody who has an account. */
export async function signedIn(
	session: BrowserSession,
	origin: string,
	server: XmppServer,
	name: string,
	user?: string,
): Promise<MessengerPage> {
	const account = user ?? (await registered(server, name));
	const page = new MessengerPage(await session.newTab(), origin, account);
	await page.signIn(PASSWORD, server.websocket);
	await page.online();
	return page;
}

export async function acquaint(alice: MessengerPage, bob: MessengerPage): Promise<void> {
	await alice.addContact(bob.jid);
	await bob.press('accept');
	await bob.see('composer');
}

export { expect };
