import { waitFor } from './browser/browser.ts';
import { expect, test } from './fixtures.ts';
import { sample } from './samples.ts';

test('a page that is left while it deletes holds up no other one, and is loaded anew when it is come back to', async ({
	balcony,
	host,
}) => {
	const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
	const removed = await balcony.openLink(photo.uri);
	await balcony.waitState(removed, 'verified');
	await balcony.press(removed, 'remove');
	await waitFor(balcony.tab, () => document.querySelector('[data-testid=media-item]') === null, []);
	const elsewhere = host.put('/elsewhere', Buffer.from('<!doctype html>'), {
		contentType: 'text/html',
	});
	await balcony.tab.goto(elsewhere);

	await balcony.open();
	const id = await balcony.openLink(photo.uri);
	await balcony.waitState(id, 'verified');
	expect(await balcony.ids()).toEqual([id]);

	await balcony.tab.evaluate(() => void Object.assign(globalThis, { isKept: true }));
	await balcony.tab.goto(elsewhere);
	await balcony.tab.evaluate(() => void setTimeout(() => history.back()));
	await waitFor(balcony.tab, () => location.pathname === '/' && !('isKept' in globalThis), []);
	await balcony.ready();
	await waitFor(balcony.tab, () => document.querySelector('[data-testid=media-item]') !== null, []);
	expect(await balcony.ids()).toEqual([id]);
});
