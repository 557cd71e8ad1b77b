import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserSession, INTERVAL, type SessionOptions } from './browser.ts';
import { isOpenIn, processesOf, threadsOf } from './process-group.ts';
import { giveBack, takeDriver, type WebkitDriver } from './webkitgtk-driver.ts';
import { tabOf } from './webkitgtk-tab.ts';

export const MINI_BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
const ON_DISK = fileURLToPath(new URL('webkitgtk-on-disk.py', import.meta.url));
/**
 * Milliseconds for a browser to start or to end: it takes one second, three on a busy machine. One that never comes up is most of
 * what makes a spec slow now and then.
 */
const START_TIMEOUT = 8000;
const START_TRIES = 4;

/**
 * WebKitGTK's MiniBrowser, whose automation sessions are private: a fresh profile each, in memory. Or a window of our own, with
 * a fresh profile on the disk.
 * Consoles: what pages write after the harness first looks at them; nothing from workers.
 */
export async function openWebkitgtk({
	colorScheme = 'light',
	onDisk = false,
}: SessionOptions = {}): Promise<BrowserSession> {
	const miniBrowser = {
		binary: process.env['BALCONY_MINIBROWSER'] ?? MINI_BROWSER,
		// Without a toolbar the page is as large as its window, and may be as narrow as a phone.
		args: ['--automation', '--full-screen', ...(colorScheme === 'dark' ? ['--dark-mode'] : [])],
	};
	const { driver, at } = await startSession(onDisk ? { binary: ON_DISK, args: [] } : miniBrowser);
	const lines: string[] = [];
	let tabs = 0;
	let closed = false;
	let killed = false;
	return {
		engine: 'webkit',
		async newTab() {
			tabs += 1;
			if (tabs === 1) {
				const handle = (await driver.command('GET', `${at}/window`)) as string;
				return tabOf({ driver, at, handle }, lines);
			}
			// A page in a further tab of the same window counts as hidden, and its screenshot never comes.
			const opened = await driver.command('POST', `${at}/window/new`, { type: 'window' });
			return tabOf({ driver, at, handle: (opened as { handle: string }).handle }, lines);
		},
		saved: (action) => savedFile(driver.downloads, driver.group, action),
		// A way to one there is, and none to a picker.
		chooseFiles: undefined,
		killWorker: async () => {
			killed = true;
			await killWorker(driver.group);
		},
		consoleLines: () => lines,
		async close() {
			if (closed) return;
			closed = true;
			// After a crash the driver is not to be trusted with another session.
			const ended = await driver.command('DELETE', at, undefined, START_TIMEOUT).then(
				() => true,
				() => false,
			);
			if (ended && !killed) giveBack(driver);
			else driver.kill();
		},
	};
}

/** A browser now and then never comes up; another driver's does. */
async function startSession(browser: {
	readonly binary: string;
	readonly args: readonly string[];
}): Promise<{ driver: WebkitDriver; at: string }> {
	const wanted = { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': browser } } };
	for (let tries = 1; ; tries++) {
		const driver = await takeDriver();
		for (const left of readdirSync(driver.downloads)) rmSync(path.join(driver.downloads, left));
		try {
			const session = await driver.command('POST', '/session', wanted, START_TIMEOUT);
			const at = `/session/${(session as { sessionId: string }).sessionId}`;
			const timeouts = { script: 60_000, pageLoad: 30_000 };
			await driver.command('POST', `${at}/timeouts`, timeouts, START_TIMEOUT);
			return { driver, at };
		} catch (thrown) {
			driver.kill();
			if (tries === START_TRIES) throw thrown;
		}
	}
}

/** Resolves once no process of the browser has the new file open any more. */
async function savedFile(
	folder: string,
	group: number,
	action: () => Promise<void>,
): Promise<{ name: string; bytes: Buffer }> {
	const before = new Set(readdirSync(folder));
	await action();
	let settled = { size: -1, looks: 0 };
	for (let tries = 0; tries < 600; tries++) {
		await new Promise((resolve) => setTimeout(resolve, 50));
		const name = readdirSync(folder).find((file) => !before.has(file));
		if (name === undefined || isOpenIn(group, path.join(folder, name))) continue;
		// It is closed for a moment before it gets its name.
		const { size } = statSync(path.join(folder, name));
		settled = size === settled.size ? { size, looks: settled.looks + 1 } : { size, looks: 0 };
		if (settled.looks >= 3) return { name, bytes: readFileSync(path.join(folder, name)) };
	}
	throw new Error('nothing was saved');
}

/**
 * The worker of a page under COOP lives in another process than the page, told by the name of its thread;
 * without COOP the page would die with it, and the session with the page.
 */
async function killWorker(group: number): Promise<void> {
	const running = () =>
		processesOf(group, 'WebKitWebProcess').filter((pid) =>
			threadsOf(pid).some((name) => name.includes('ServiceWorker')),
		);
	// After an earlier death it comes back once something is asked of it: pages do so every eight seconds.
	const end = Date.now() + 10_000;
	while (running().length === 0) {
		if (Date.now() > end) throw new Error('no process runs the worker');
		await new Promise((resolve) => setTimeout(resolve, INTERVAL));
	}
	for (const pid of running()) process.kill(pid, 'SIGKILL');
}
