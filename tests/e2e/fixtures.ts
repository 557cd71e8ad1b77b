import { test as base, expect as plain } from '@playwright/test';
import { aesgcmUri, encryptFile } from '../../tools/encrypt-file.ts';
import { type StaticServer, startStaticServer } from '../../tools/static-server.ts';
import {
	type HostBehaviour,
	type HostBody,
	startUploadHost,
	type UploadHost,
} from '../../tools/upload-host.ts';
import { BalconyPage } from './balcony-page.ts';
import { type BrowserSession, INTERVAL, type SessionOptions } from './browser/browser.ts';
import { hasPlaywrightWebkit, openPlaywright } from './browser/playwright.ts';
import { openWebkitgtk } from './browser/webkitgtk.ts';

/** An encrypted file on the host, and all that a spec needs to know of it. */
export interface SharedFile {
	readonly uri: string;
	readonly path: string;
	/** hex; must never be seen anywhere */
	readonly key: string;
	readonly plaintext: Uint8Array;
}

export interface Sharing {
	share(
		name: string,
		plaintext: Uint8Array,
		behaviour?: HostBehaviour,
		ivLength?: number,
	): Promise<SharedFile>;
}

interface WorkerFixtures {
	app: StaticServer;
	host: UploadHost & Sharing;
}

interface Fixtures {
	/** what the browser keeps lies on the disk, see SessionOptions */
	onDisk: boolean;
	session: BrowserSession;
	balcony: BalconyPage;
}

/** Each worker has its own servers, each test its own profile. */
export const test = base.extend<Fixtures, WorkerFixtures>({
	app: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
		async ({}, use) => {
			const server = await startStaticServer({ root: 'dist-local', loopback: true });
			await use(server);
			await server.close();
		},
		{ scope: 'worker' },
	],
	host: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
		async ({}, use) => {
			const host = await startUploadHost();
			await use(Object.assign(host, { share: shareOn(host) }));
			await host.close();
		},
		{ scope: 'worker' },
	],
	onDisk: [false, { option: true }],
	session: async ({ onDisk }, use, info) => {
		const session = await openEngine(info.project.name, { onDisk });
		await use(session);
		await session.close();
	},
	balcony: async ({ session, app }, use) => {
		const balcony = new BalconyPage(await session.newTab(), session, app.origin);
		await balcony.open();
		await use(balcony);
	},
});

/** Looks again as often as waitFor does: Playwright's own polling waits for up to a second each time. */
export const expect = new Proxy(plain, {
	get: (target, name, receiver) =>
		name === 'poll'
			? (...[look, options]: Parameters<typeof plain.poll>) =>
					plain.poll(look, { intervals: [INTERVAL], ...(options as object) })
			: Reflect.get(target, name, receiver),
});

/** An engine by its project's name. */
export function openEngine(name: string, options: SessionOptions = {}): Promise<BrowserSession> {
	if (name === 'chromium') return openPlaywright('chromium', options);
	return hasPlaywrightWebkit() ? openPlaywright('webkit', options) : openWebkitgtk(options);
}

let files = 0;

export function shareOn(host: UploadHost): Sharing['share'] {
	return async (name, plaintext, behaviour = {}, ivLength = 12) => {
		const encrypted = await encryptFile(plaintext, ivLength);
		files += 1;
		const path = `/upload/${files}/${encodeURIComponent(name)}`;
		const body: HostBody = encrypted.bytes;
		const uri = aesgcmUri(host.put(path, body, behaviour), encrypted);
		return { uri, path, key: encrypted.key, plaintext };
	};
}
