import { waitFor } from './browser/browser.ts';
import { acquaint, expect, test } from './chat-fixtures.ts';
import type { MessengerPage } from './messenger-page.ts';
import { sample } from './samples.ts';

async function setLimit(person: MessengerPage, bytes: number): Promise<void> {
	await person.press('account');
	await person.press('open-links');
	await person.press('settings');
	await person.see('load-limit');
	await person.tab.evaluate((value) => {
		const select = document.querySelector<HTMLSelectElement>('[data-testid=load-limit]');
		if (select !== null) select.value = String(value);
		select?.dispatchEvent(new Event('change', { bubbles: true }));
	}, bytes);
	await person.tab.reload();
}

test('nothing loads by itself where that was chosen', async ({ alice, bob, host }) => {
	await acquaint(alice, bob);
	await setLimit(bob, 0);
	await bob.openConversation(alice.jid);
	const file = await host.share('balcony.jpg', await sample('balcony.jpg'));
	await alice.send(file.uri);
	await bob.see('load-file');
	await waitFor(alice.tab, () => document.querySelector('.image-figure.shown') !== null, []);
	const asked = host.requests.filter(({ path }) => path === file.path).length;
	await bob.press('load-file');
	await waitFor(bob.tab, () => document.querySelector('.image-figure.shown') !== null, []);
	expect(host.requests.filter(({ path }) => path === file.path).length).toBeGreaterThan(asked);
});
