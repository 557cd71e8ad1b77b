import { randomBytes } from 'node:crypto';
import { type StaticServer, startStaticServer } from '../../tools/static-server.ts';
import { BalconyPage } from './balcony-page.ts';
import { type BrowserSession, waitFor } from './browser/browser.ts';
import { expect, test } from './fixtures.ts';
import { longVideo, sample } from './samples.ts';

/** Scripts that run before the app's own, in the page and in the worker: each makes the browser refuse something. */
const REFUSES = {
	database: `Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value: {
		open() { throw new DOMException('refused', 'SecurityError'); } } });`,
	caches: `for (const method of ['open', 'has', 'match', 'keys', 'delete']) {
		const native = CacheStorage.prototype[method];
		CacheStorage.prototype[method] = function (name) {
			return String(name).startsWith('balcony') ? Promise.reject(new DOMException('refused', 'SecurityError'))
				: native.apply(this, arguments); }; }`,
	allCaches: `for (const method of ['open', 'has', 'match', 'keys', 'delete'])
		CacheStorage.prototype[method] = () => Promise.reject(new DOMException('refused', 'SecurityError'));`,
	keys: `{ const put = IDBObjectStore.prototype.put;
		const holds = (value) => value instanceof CryptoKey ||
			(typeof value === 'object' && value !== null && Object.values(value).some(holds));
		IDBObjectStore.prototype.put = function (value, key) {
			if (holds(value)) throw new DOMException('refused', 'DataCloneError');
			return put.call(this, value, key); }; }`,
	room: `{ const put = Cache.prototype.put;
		Cache.prototype.put = function (key, response) {
			return new URL(key.url ?? key, location.href).pathname.startsWith('/segments/') ? Promise.reject(new DOMException('full', 'QuotaExceededError'))
				: put.call(this, key, response); }; }`,
	worker: `if (globalThis.Navigator) delete Navigator.prototype.serviceWorker;`,
};

async function openRefusing(
	session: BrowserSession,
	what: keyof typeof REFUSES,
): Promise<{ balcony: BalconyPage; app: StaticServer }> {
	const app = await startStaticServer({ root: 'dist-local', loopback: true });
	app.prelude(REFUSES[what]);
	const balcony = new BalconyPage(await session.newTab(), session, app.origin);
	return { balcony, app };
}

for (const what of ['database', 'caches', 'keys'] as const)
	test(`a browser that refuses ${what} shows, plays and saves all the same`, async ({
		session,
		host,
	}) => {
		const { balcony, app } = await openRefusing(session, what);
		await balcony.open();
		const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
		const id = await balcony.openLink(photo.uri);
		await balcony.waitState(id, 'verified');
		await balcony.waitPicture(id);
		const saved = await session.saved(() => balcony.press(id, 'save'));
		expect(saved.name).toBe('balcony.jpg');
		expect(saved.bytes.equals(Buffer.from(photo.plaintext))).toBe(true);

		const video = await host.share('evening.mp4', await longVideo());
		const second = await balcony.openLink(video.uri);
		await balcony.play(second);
		await balcony.seek(second, 40);
		await balcony.verify(second);
		await app.close();
	});

test('what is forgotten with the page is said', async ({ session }) => {
	const { balcony, app } = await openRefusing(session, 'database');
	await balcony.open();
	await waitFor(balcony.tab, () => document.querySelector('[data-testid=forgetful]') !== null, []);
	await app.close();
});

// A worker whose shell cannot be kept does not install.
for (const what of ['worker', 'allCaches'] as const)
	test(`a browser that refuses ${what} downloads, checks and saves in the page`, async ({
		session,
		host,
	}) => {
		const { balcony, app } = await openRefusing(session, what);
		await balcony.openUnserved();
		await waitFor(
			balcony.tab,
			() => document.querySelector('[data-testid=no-worker]') !== null,
			[],
		);
		const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
		const id = await balcony.openLink(photo.uri);
		await balcony.press(id, 'download');
		await balcony.waitState(id, 'verified');
		await balcony.waitPicture(id);
		const saved = await session.saved(() => balcony.press(id, 'save'));
		expect(saved.bytes.equals(Buffer.from(photo.plaintext))).toBe(true);

		const broken = await host.share('broken.jpg', await sample('balcony.jpg'), {
			corrupt: { at: 99 },
		});
		const second = await balcony.openLink(broken.uri);
		await balcony.press(second, 'download');
		await balcony.waitState(second, 'tampered');
		await app.close();
	});

test('a worker that takes long to come serves what was opened meanwhile', async ({
	session,
	host,
}) => {
	const app = await startStaticServer({ root: 'dist-local', loopback: true });
	const release = app.hold('/sw.js');
	const balcony = new BalconyPage(await session.newTab(), session, app.origin);
	await balcony.openUnserved();
	const isAbsent = () => document.querySelector('[data-testid=no-worker]') !== null;
	await waitFor(balcony.tab, isAbsent, []);
	const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
	const id = await balcony.openLink(photo.uri);
	release();
	await balcony.waitState(id, 'verified');
	await balcony.waitPicture(id);
	expect(await balcony.tab.evaluate(isAbsent)).toBe(false);
	await app.close();
});

test('a file that does not fit is saved while it loads', async ({ session, host }) => {
	const { balcony, app } = await openRefusing(session, 'room');
	await balcony.open();
	// More than what is kept in memory where the cache is full.
	const bytes = randomBytes(66 * 2 ** 20);
	const large = await host.share('large.bin', bytes);
	const id = await balcony.openLink(large.uri);
	await balcony.waitText(id, 'Save it to open it');
	await balcony.press(id, 'save');
	await balcony.waitText(id, "isn't enough room for this file");
	const saved = await session.saved(() => balcony.press(id, 'save-streamed'));
	expect(saved.bytes.length).toBe(bytes.length);
	expect(saved.bytes.equals(bytes)).toBe(true);
	await app.close();
});

test('a small file is shown although nothing can be kept', async ({ session, host }) => {
	const { balcony, app } = await openRefusing(session, 'room');
	await balcony.open();
	const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
	const id = await balcony.openLink(photo.uri);
	await balcony.waitState(id, 'verified');
	await balcony.waitPicture(id);
	await app.close();
});

test('a new version waits for consent, then takes over', async ({ session }) => {
	const { balcony, app } = await openRefusing(session, 'keys');
	const isOffered = () =>
		balcony.tab.evaluate(() => document.querySelector('[data-testid=update]') !== null);
	app.prelude('');
	await balcony.open();
	// The first version takes nobody's place.
	expect(await isOffered()).toBe(false);
	app.prelude('/* a newer version */');
	await balcony.tab.evaluate(async () => {
		const registration = await navigator.serviceWorker.getRegistration();
		await registration?.update();
	});
	await waitFor(balcony.tab, () => document.querySelector('[data-testid=update]') !== null, []);
	await balcony.tab.evaluate(() => {
		(window as { old?: boolean }).old = true;
	});
	await balcony.tab.click('[data-testid=update] button');
	await waitFor(balcony.tab, () => !('old' in window) && document.readyState === 'complete', []);
	await balcony.ready();
	expect(await isOffered()).toBe(false);
	await app.close();
});
