import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import type { BrowserSession } from './browser/browser.ts';
import { test as base, expect, openEngine } from './fixtures.ts';
import { MessengerPage } from './messenger-page.ts';

interface ChatWorker {
	prosody: ProsodyServer;
}

export interface Chat {
	alice: MessengerPage;
	bob: MessengerPage;
	bobs: BrowserSession;
	/** Bob is in the engine of the project, as Alice is; else in Chromium: what one engine writes the other must read */
	areAlike: boolean;
}

let users = 0;

/** Two people on a real Prosody, each in a browser of their own; new accounts for each test. */
export const test = base.extend<Chat, ChatWorker>({
	prosody: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
		async ({}, use) => {
			const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
			const server = await startProsody({ folder });
			await use(server);
			await server.close();
			rmSync(folder, { recursive: true, force: true });
		},
		{ scope: 'worker' },
	],
	areAlike: [false, { option: true }],
	bobs: async ({ session, areAlike }, use, info) => {
		const bobs = await openEngine(areAlike ? info.project.name : 'chromium');
		await use(bobs);
		await bobs.close();
		expect(session).toBeDefined();
	},
	alice: async ({ session, app, prosody }, use) => {
		await use(await signedIn(session, app.origin, prosody, 'alice'));
	},
	bob: async ({ bobs, app, prosody, alice }, use) => {
		expect(alice).toBeDefined();
		await use(await signedIn(bobs, app.origin, prosody, 'bob'));
	},
});

export async function signedIn(
	session: BrowserSession,
	origin: string,
	prosody: ProsodyServer,
	name: string,
): Promise<MessengerPage> {
	users += 1;
	const user = `${name}${process.pid}-${users}`;
	await prosody.register({ user, password: 'a secret' });
	const page = new MessengerPage(await session.newTab(), origin, user);
	await page.signIn('a secret', prosody.websocket);
	await page.online();
	return page;
}

export async function acquaint(alice: MessengerPage, bob: MessengerPage): Promise<void> {
	await alice.addContact(bob.jid);
	await bob.press('accept');
	await bob.see('composer');
}

export { expect };
