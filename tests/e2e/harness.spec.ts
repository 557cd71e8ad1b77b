import { readFile } from 'node:fs/promises';
import { type Tab, waitFor } from './browser/browser.ts';
import { test as base, expect, openEngine } from './fixtures.ts';
import { type HarnessSite, startHarnessSite } from './harness/site.ts';

/** The harness itself, on a page of its own: what the other specs rely on is true in this engine. */
const test = base.extend<{ tab: Tab }, { site: HarnessSite }>({
	site: [
		// Playwright reads a fixture's needs from this pattern, and wants one.
		async ({ browserName: _ }, use) => {
			const site = await startHarnessSite();
			await use(site);
			await site.close();
		},
		{ scope: 'worker' },
	],
	tab: async ({ session, site }, use) => {
		const tab = await session.newTab();
		await tab.goto(site.origin);
		await controlled(tab);
		await use(tab);
	},
});

const controlled = (tab: Tab) =>
	waitFor(tab, () => navigator.serviceWorker.controller !== null, []);
const seen = (tab: Tab) => tab.evaluate(() => document.querySelector('#seen')?.textContent);
const life = (tab: Tab): Promise<number> =>
	tab.evaluate(async () => (await (await fetch('/life')).json()) as number);

test('functions run in the page in spite of its policy, and fail with its errors', async ({
	tab,
}) => {
	expect(await tab.evaluate(async (a, b) => [a + b, document.title], 1, 2)).toEqual([3, 'Harness']);
	await expect(
		tab.evaluate(() => {
			throw new TypeError('on purpose');
		}),
	).rejects.toThrow('on purpose');
	await expect(waitFor(tab, () => false, [], 100)).rejects.toThrow('never became true');
});

test('a person clicks, types, presses keys and pastes', async ({ tab }) => {
	await tab.click('#button');
	expect(await seen(tab)).toBe('clicked');
	await tab.type('#field', 'grün €');
	await tab.press('Enter');
	expect(await seen(tab)).toBe('entered grün €');
	await tab.evaluate(() => {
		const clipboardData = new DataTransfer();
		clipboardData.setData('text/plain', 'aesgcm://x');
		document.querySelector('#field')?.dispatchEvent(new ClipboardEvent('paste', { clipboardData }));
	});
	expect(await seen(tab)).toBe('pasted aesgcm://x');
});

test('a page is as large as told, also as a phone, and has its picture taken', async ({
	tab,
}, info) => {
	for (const [width, height] of [
		[390, 844],
		[1280, 800],
	] as const) {
		await tab.resize(width, height);
		await waitFor(tab, (w, h) => innerWidth === w && innerHeight === h, [width, height] as const);
		const file = info.outputPath(`${width}.png`);
		await tab.screenshot(file);
		const png = await readFile(file);
		expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([width, height]);
	}
});

test('a video with sound plays and seeks', async ({ tab }) => {
	const played = await tab.evaluate(async () => {
		const video = document.querySelector('video') as HTMLVideoElement;
		video.src = '/clip.mp4';
		await video.play();
		return [video.videoWidth, Math.round(video.duration)];
	});
	expect(played).toEqual([320, 2]);
	await waitFor(tab, () => (document.querySelector('video')?.currentTime ?? 0) > 0.2, []);
});

test('a slow save is whole and keeps its name', async ({ session, tab }) => {
	const { name, bytes } = await session.saved(() =>
		tab.evaluate(() => {
			const frame = document.createElement('iframe');
			frame.hidden = true;
			frame.src = '/save';
			document.body.append(frame);
		}),
	);
	expect(name).toBe('schön.bin');
	expect(
		bytes.equals(Buffer.concat(Array.from({ length: 20 }, (_, i) => Buffer.alloc(50_000, i + 1)))),
	).toBe(true);
});

test('a killed worker breaks its streams and starts again', async ({ session, tab }) => {
	test.skip(session.killWorker === undefined, 'this engine gives no way to kill a worker');
	for (let times = 0; times < 2; times++) {
		const before = await life(tab);
		const broken = `broken${times}`;
		await tab.evaluate(async (mark) => {
			const response = await fetch('/endless');
			response.arrayBuffer().catch(() => {
				document.body.dataset[mark] = 'yes';
			});
		}, broken);
		await session.killWorker?.(tab);
		await waitFor(tab, (mark) => document.body.dataset[mark] === 'yes', [broken]);
		expect(await life(tab)).not.toBe(before);
	}
});

test('storage takes keys and files, is shared by tabs, and is gone in the next session', async ({
	session,
	site,
	tab,
}, info) => {
	await tab.evaluate(async () => {
		const cache = await caches.open('harness');
		await cache.put('/kept', new Response('kept'));
		const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
			'encrypt',
		]);
		await new Promise((resolve, reject) => {
			const opening = indexedDB.open('harness');
			opening.onupgradeneeded = () => opening.result.createObjectStore('keys').put(key, 1);
			opening.onsuccess = resolve;
			opening.onerror = () => reject(opening.error);
		});
	});
	const kept = async () =>
		[await caches.keys(), (await indexedDB.databases()).map(({ name }) => name)] as const;
	const second = await session.newTab();
	await second.goto(site.origin);
	expect(await second.evaluate(kept)).toEqual([['harness'], ['harness']]);
	expect(await second.evaluate(() => document.visibilityState)).toBe('visible');
	await session.close();

	const next = await openEngine(info.project.name, { colorScheme: 'dark' });
	const third = await next.newTab();
	await third.goto(site.origin);
	expect(await third.evaluate(kept)).toEqual([[], []]);
	expect(await third.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true);
	await third.evaluate(() => console.log('a line'));
	await third.evaluate(() => undefined);
	expect(next.consoleLines()).toContain('a line');
	await next.close();
});
