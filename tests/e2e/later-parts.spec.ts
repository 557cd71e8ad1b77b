import { startStaticServer } from '../../tools/static-server.ts';
import { BalconyPage } from './balcony-page.ts';
import { waitFor } from './browser/browser.ts';
import { expect, test } from './fixtures.ts';

/** A browser without workers, so that nothing is kept for offline use, and whose user saves data, so that nothing is loaded ahead. */
const NOTHING_AHEAD = `if (globalThis.Navigator) {
	delete Navigator.prototype.serviceWorker;
	Object.defineProperty(navigator, 'connection', { configurable: true, value: { saveData: true } });
}`;

test('a part of the app that cannot be loaded says so, and the page can be loaded again', async ({
	session,
}) => {
	const app = await startStaticServer({ root: 'dist-local', loopback: true });
	app.prelude(NOTHING_AHEAD);
	const balcony = new BalconyPage(await session.newTab(), session, app.origin);
	const { tab } = balcony;
	await balcony.openUnserved();
	await app.pause();
	await tab.evaluate(() => document.querySelector<HTMLElement>('[data-testid=settings]')?.focus());
	await tab.press('Enter');
	await waitFor(tab, () => document.querySelector('dialog[data-testid=not-loaded]') !== null, []);
	await tab.press('Escape');
	await waitFor(tab, () => document.querySelector('dialog') === null, []);
	const focused = () => (document.activeElement as HTMLElement).dataset['testid'];
	await expect.poll(() => tab.evaluate(focused)).toBe('settings');

	await tab.press('Enter');
	await waitFor(tab, () => document.querySelector('[data-testid=reload-part]') !== null, []);
	await app.resume();
	await tab.click('[data-testid=reload-part]');
	await waitFor(tab, () => document.querySelector('[data-testid=sign-in]') !== null, []);
	// WebKitGTK does not ask again for a script that failed, in the same tab; a new version has other names.
	if (session.engine === 'webkit') return app.close();
	await waitFor(tab, () => {
		document.querySelector<HTMLElement>('[data-testid=open-links]')?.click();
		return document.querySelector('[data-testid=link-field]') !== null;
	}, []);
	await tab.click('[data-testid=settings]');
	await waitFor(tab, () => document.querySelector('[data-testid=settings-dialog]') !== null, []);
	await app.close();
});

test('a part that was never opened opens without a network', async ({ session }) => {
	const app = await startStaticServer({ root: 'dist-local', loopback: true });
	app.prelude(NOTHING_AHEAD.replace('delete Navigator.prototype.serviceWorker;', ''));
	const balcony = new BalconyPage(await session.newTab(), session, app.origin);
	await balcony.open();
	await app.pause();
	await balcony.tab.click('[data-testid=settings]');
	const isOpen = () => document.querySelector('[data-testid=settings-dialog]') !== null;
	await waitFor(balcony.tab, isOpen, []);
	await app.close();
});
