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

function state(person: MessengerPage): Promise<string | undefined> {
	return person.tab.evaluate(
		() =>
			document.querySelector<HTMLElement>('[data-testid=message] figure')?.dataset['mediaState'],
	);
}

test('a file from a contact loads by itself up to the size that was chosen, and above it when asked', async ({
	alice,
	bob,
	host,
}) => {
	await acquaint(alice, bob);
	await setLimit(bob, 1_000_000);
	await bob.openConversation(alice.jid);
	const photo = await sample('balcony.jpg');
	// What hangs behind a picture's end changes its size and not its look.
	const large = new Uint8Array(3_000_000);
	large.set(photo);
	host.shape({ bitsPerSecond: 2e6, delayMs: 5 });
	try {
		const file = await host.share('large.jpg', large);
		await alice.send(file.uri);
		await bob.see('load');
		expect(await state(bob)).toBe('idle');
		const loaded = host.requests
			.filter(({ path }) => path === file.path)
			.reduce((sum, { sent }) => sum + sent, 0);
		expect(loaded).toBeLessThan(2 * large.length);
		host.shape(undefined);
		await bob.press('load');
		await waitFor(bob.tab, () => document.querySelector('.image-figure.shown') !== null, []);
		expect(await state(bob)).toBe('verified');
	} finally {
		host.shape(undefined);
	}
});

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
