import { waitFor } from './browser/browser.ts';
import { expect, test } from './fixtures.ts';
import { longVideo, sample } from './samples.ts';

test('what is not a link is explained, and the field is emptied', async ({ balcony }) => {
	await balcony.paste('hello there');
	expect(await balcony.linkError()).toContain('not an aesgcm link');
	await balcony.tab.type('[data-testid=link-field]', 'aesgcm://host.example/a#123');
	await balcony.tab.click('[data-testid=open-link]');
	expect(await balcony.linkError()).toContain('not an aesgcm link');
	const field = await balcony.tab.evaluate(
		() => document.querySelector<HTMLInputElement>('[data-testid=link-field]')?.value,
	);
	expect(field).toBe('');
	expect(await balcony.ids()).toEqual([]);
});

test('a link that is typed opens, and an item that is removed is gone', async ({
	balcony,
	host,
}) => {
	const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
	await balcony.tab.type('[data-testid=link-field]', photo.uri);
	await balcony.tab.press('Enter');
	await waitFor(balcony.tab, () => document.querySelector('[data-testid=media-item]') !== null, []);
	const [id = ''] = await balcony.ids();
	await balcony.waitState(id, 'verified');
	await balcony.press(id, 'remove');
	await waitFor(balcony.tab, () => document.querySelector('[data-testid=media-item]') === null, []);
	await balcony.reload();
	expect(await balcony.ids()).toEqual([]);
});

test('verify before playing holds a video back until all of it is checked', async ({
	balcony,
	host,
}) => {
	await balcony.tab.click('[data-testid=settings]');
	await balcony.tab.click('[data-testid=verify-first]');
	await balcony.tab.press('Escape');
	const video = await host.share('evening.mp4', await longVideo(), {
		corrupt: { at: 3_500_000 },
	});
	const id = await balcony.openLink(video.uri);
	await balcony.waitState(id, 'tampered');
	expect(await balcony.pictureSize(id)).toBeNull();
	host.behave(video.path, {});
	await balcony.press(id, 'retry');
	await balcony.waitState(id, 'verified');
	await balcony.play(id);
});

test('clear everything leaves nothing', async ({ balcony, host }) => {
	const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
	const id = await balcony.openLink(photo.uri);
	await balcony.waitState(id, 'verified');
	await balcony.tab.click('[data-testid=settings]');
	await balcony.tab.click('[data-testid=clear-all]');
	await balcony.tab.click('[data-testid=confirm]');
	await waitFor(balcony.tab, () => document.querySelector('[data-testid=media-item]') === null, []);
	await waitFor(
		balcony.tab,
		async () => (await caches.keys()).every((name) => !name.startsWith('balcony-media-')),
		[],
	);
});

test('a picture opens full screen, and Escape gives the focus back', async ({ balcony, host }) => {
	const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
	const id = await balcony.openLink(photo.uri);
	await balcony.waitPicture(id);
	await balcony.tab.click(`[data-media-id="${id}"] .image-figure`);
	await waitFor(
		balcony.tab,
		() => document.querySelector<HTMLDialogElement>('[data-testid=viewer]')?.open,
		[],
	);
	await balcony.tab.press('Escape');
	await waitFor(balcony.tab, () => document.activeElement?.className.includes('image-figure'), []);
});

test('a link in the address of the page is not opened, and not kept there', async ({
	balcony,
	host,
}) => {
	const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
	await balcony.tab.goto(`${balcony.origin}/#${photo.uri}`);
	await balcony.reload();
	expect(await balcony.tab.evaluate(() => location.href)).toBe(`${balcony.origin}/`);
	expect(await balcony.ids()).toEqual([]);
});

test('the key is in no request, console line, DOM node or stored text', async ({
	balcony,
	host,
	app,
	session,
}) => {
	const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
	const broken = await host.share('evening.mp4', await longVideo(), { corrupt: { at: 99 } });
	await balcony.waitState(await balcony.openLink(photo.uri), 'verified');
	const second = await balcony.openLink(broken.uri);
	await balcony.tab.evaluate((wanted) => {
		const button = `[data-media-id="${wanted}"] [data-testid=verify]`;
		document.querySelector<HTMLElement>(button)?.click();
	}, second);
	await balcony.waitState(second, 'tampered', 'unverified', 'verified');
	await balcony.paste(`${photo.uri}x`);
	await balcony.linkError();
	const seen = await balcony.tab.evaluate(async () => {
		const texts = [
			document.documentElement.outerHTML,
			location.href,
			JSON.stringify({ ...localStorage }),
		];
		for (const field of document.querySelectorAll('input')) texts.push(field.value);
		for (const entry of performance.getEntriesByType('resource')) texts.push(entry.name);
		const database = await new Promise<IDBDatabase>((resolve, reject) => {
			const opening = indexedDB.open('balcony');
			opening.onsuccess = () => resolve(opening.result);
			opening.onerror = () => reject(opening.error);
		});
		const text = (value: unknown): string => {
			if (value instanceof CryptoKey) return value.extractable ? 'EXTRACTABLE' : 'key';
			if (value instanceof Uint8Array)
				return [...value].map((byte) => byte.toString(16).padStart(2, '0')).join('');
			if (typeof value === 'object' && value !== null)
				return Object.values(value).map(text).join(' ');
			return String(value);
		};
		for (const name of database.objectStoreNames) {
			const rows = await new Promise<unknown[]>((resolve) => {
				const reading = database.transaction(name).objectStore(name).getAll();
				reading.onsuccess = () => resolve(reading.result);
			});
			texts.push(name, ...rows.map(text));
		}
		database.close();
		for (const name of await caches.keys())
			for (const request of await (await caches.open(name)).keys()) texts.push(request.url);
		return texts.join('\n');
	});
	const sent = JSON.stringify([host.requests, app.requests]);
	const everything = [seen, sent, ...session.consoleLines()].join('\n').toLowerCase();
	expect(everything).toContain('media');
	expect(everything).not.toContain('extractable');
	for (const { key } of [photo, broken]) expect(everything).not.toContain(key);
});

test('settings are found, changed and left by keyboard alone', async ({ balcony }) => {
	const focused = () =>
		balcony.tab.evaluate(() => {
			const element = document.activeElement;
			return element?.getAttribute('data-testid') ?? element?.getAttribute('aria-label') ?? '';
		});
	const tabTo = async (name: string) => {
		for (let presses = 0; presses < 12; presses++) {
			if ((await focused()) === name) return;
			await balcony.tab.press('Tab');
		}
		throw new Error(`Tab never comes to ${name}`);
	};
	await tabTo('settings');
	await balcony.tab.press('Enter');
	await waitFor(balcony.tab, () => document.querySelector('dialog')?.open, []);
	await tabTo('verify-first');
	await balcony.tab.press('Space');
	const isOn = () =>
		balcony.tab.evaluate(
			() => document.querySelector<HTMLInputElement>('[data-testid=verify-first]')?.checked,
		);
	expect(await isOn()).toBe(true);
	await tabTo('clear-all');
	await balcony.tab.press('Enter');
	await tabTo('confirm');
	// The first takes back the question, the second leaves.
	await balcony.tab.press('Escape');
	await waitFor(balcony.tab, () => document.querySelectorAll('dialog').length === 1, []);
	expect(await focused()).toBe('clear-all');
	await balcony.tab.press('Escape');
	await waitFor(balcony.tab, () => document.querySelector('dialog') === null, []);
	expect(await focused()).toBe('settings');
	await balcony.reload();
	await balcony.tab.click('[data-testid=settings]');
	await expect.poll(isOn).toBe(true);
});

test('a press closes a dialog that began and ended beside it', async ({ balcony: { tab } }) => {
	await tab.click('[data-testid=settings]');
	await waitFor(tab, () => document.querySelector('dialog')?.open, []);
	await tab.mouse('down', 'dialog h2');
	await tab.mouse('move', 'dialog h2', -300);
	await tab.mouse('up', 'dialog h2', -300);
	expect(await tab.evaluate(() => document.querySelector('dialog')?.open)).toBe(true);
	await tab.mouse('down', 'dialog h2', -300);
	await tab.mouse('up', 'dialog h2', -300);
	await waitFor(tab, () => document.querySelector('dialog') === null, []);
});

test('a picture is opened, zoomed and closed by keyboard alone', async ({ balcony, host }) => {
	const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
	const id = await balcony.openLink(photo.uri);
	await balcony.waitPicture(id);
	await waitFor(balcony.tab, () => document.querySelector('.image-figure:enabled') !== null, []);
	await balcony.tab.evaluate(() => document.querySelector<HTMLElement>('.image-figure')?.focus());
	await balcony.tab.press('Enter');
	await waitFor(
		balcony.tab,
		() => document.querySelector('.viewer-slide.current.shown') !== null,
		[],
	);
	await balcony.tab.press('+');
	await waitFor(
		balcony.tab,
		() => document.querySelector<HTMLElement>('.viewer img')?.style.transform.includes('1.5'),
		[],
	);
	await balcony.tab.press('Escape');
	await waitFor(balcony.tab, () => document.querySelector('dialog') === null, []);
});
