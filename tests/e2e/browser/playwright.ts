import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page, webkit } from '@playwright/test';
import { type BrowserSession, callOf, type SessionOptions, type Tab } from './browser.ts';

export const CHROMIUM_FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--autoplay-policy=no-user-gesture-required',
];

/** Debian's browser where Playwright's own is not installed. */
export function chromiumPath(): string {
	return existsSync(chromium.executablePath()) ? chromium.executablePath() : '/usr/bin/chromium';
}

/** The same engine without the windows around it, where that is installed: it is there in a third of the time. */
function shellPath(): string {
	const shell = '/usr/bin/chromium-headless-shell';
	return !existsSync(chromium.executablePath()) && existsSync(shell) ? shell : chromiumPath();
}

export const hasPlaywrightWebkit = (): boolean => existsSync(webkit.executablePath());

/** A fresh profile on disk: private contexts keep caches in memory, which is not what people have. */
export async function openPlaywright(
	engine: 'chromium' | 'webkit',
	{ colorScheme = 'light', microphone, isWhole }: SessionOptions = {},
): Promise<BrowserSession> {
	const profile = await mkdtemp(path.join(tmpdir(), 'balcony-profile-'));
	const options = { headless: true, acceptDownloads: true, colorScheme };
	const context = await (engine === 'chromium'
		? chromium.launchPersistentContext(profile, {
				...options,
				// Without its windows it can ask nobody about the microphone.
				executablePath: isWhole || microphone === 'denied' ? chromiumPath() : shellPath(),
				args: [...CHROMIUM_FLAGS, ...microphoneFlags(microphone)],
			})
		: webkit.launchPersistentContext(profile, options));
	return sessionOf(engine, context, async () => {
		await context.close();
		await rm(profile, { recursive: true, force: true });
	});
}

/** A Chromium that several sessions share. */
export function launchChromium(): Promise<Browser> {
	return chromium.launch({ executablePath: shellPath(), args: [...CHROMIUM_FLAGS] });
}

/** A private window: what it keeps is gone with it, but it is there at once. */
export async function openPrivate(browser: Browser): Promise<BrowserSession> {
	const context = await browser.newContext({ acceptDownloads: true });
	return sessionOf('chromium', context, () => context.close());
}

function sessionOf(
	engine: 'chromium' | 'webkit',
	context: BrowserContext,
	close: () => Promise<void>,
): BrowserSession {
	const lines: string[] = [];
	context.on('console', (message) => lines.push(message.text()));
	context.on('weberror', (error) => lines.push(String(error.error())));
	context.on('serviceworker', (worker) =>
		worker.on('console', (message) => lines.push(message.text())),
	);
	const pages = new Map<Tab, Page>();
	return {
		engine,
		async newTab() {
			const page = await context.newPage();
			const tab = tabOf(page);
			pages.set(tab, page);
			return tab;
		},
		saved: (action) => savedFile(context, action),
		killWorker:
			engine === 'webkit' ? undefined : (tab) => stopWorkers(context, pages.get(tab) as Page),
		async chooseFiles(tab, selector, paths) {
			const page = pages.get(tab) as Page;
			const picker = page.waitForEvent('filechooser');
			await tab.click(selector);
			await (await picker).setFiles([...paths]);
		},
		consoleLines: () => lines,
		close,
	};
}

function microphoneFlags(microphone: SessionOptions['microphone']): string[] {
	if (microphone === undefined) return [];
	const device = '--use-fake-device-for-media-stream';
	return microphone === 'allowed' ? [device, '--use-fake-ui-for-media-stream'] : [device];
}

function tabOf(page: Page): Tab {
	return {
		async goto(url) {
			await page.goto(url);
		},
		async reload() {
			await page.reload();
		},
		evaluate: (fn, ...args) => page.evaluate(callOf(fn, args)),
		click: (selector) => page.locator(selector).first().click(),
		type: (selector, text) => page.locator(selector).first().pressSequentially(text),
		async insert(selector, text) {
			await page.locator(selector).first().focus();
			await page.keyboard.insertText(text);
		},
		press: (key) => page.keyboard.press(key),
		async mouse(action, selector, byX = 0) {
			const box = await page.locator(selector).first().boundingBox();
			if (box === null) throw new Error(`not to be seen: ${selector}`);
			await page.mouse.move(box.x + box.width / 2 + byX, box.y + box.height / 2);
			if (action !== 'move') await page.mouse[action]();
		},
		resize: (width, height) => page.setViewportSize({ width, height }),
		async screenshot(file) {
			await page.screenshot({ path: file });
		},
		close: () => page.close(),
	};
}

async function savedFile(
	context: BrowserContext,
	action: () => Promise<void>,
): Promise<{ name: string; bytes: Buffer }> {
	const started = Promise.race(
		context.pages().map((page) => page.waitForEvent('download', { timeout: 20_000 })),
	);
	started.catch(() => undefined);
	await action();
	const download = await started;
	const failure = await download.failure();
	if (failure !== null) throw new Error(`the download failed: ${failure}`);
	return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

async function stopWorkers(context: BrowserContext, page: Page): Promise<void> {
	const session = await context.newCDPSession(page);
	const living = new Set<string>();
	let isStopping = false;
	session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
		for (const { versionId, runningStatus } of versions)
			if (runningStatus === 'stopped') living.delete(versionId);
			// A page that still plays starts it again at once.
			else if (!isStopping) living.add(versionId);
	});
	await session.send('ServiceWorker.enable');
	isStopping = true;
	await session.send('ServiceWorker.stopAllWorkers');
	const end = Date.now() + 10_000;
	while (living.size > 0) {
		if (Date.now() > end) throw new Error('the worker did not stop');
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
	await session.detach();
}
