import { waitFor } from './browser/browser.ts';
import { acquaint, expect, test } from './chat-fixtures.ts';
import type { MessengerPage } from './messenger-page.ts';

test.use({ isPrivate: true });

const status = (page: MessengerPage) =>
	page.tab.evaluate(
		() => document.querySelector<HTMLElement>('.conversation-who .row-text')?.innerText,
	);
const isGone = (page: MessengerPage, testid: string) =>
	waitFor(page.tab, (id) => document.querySelector(`[data-testid=${id}]`) === null, [testid]);

test('who is removed is not online any more, and is added again from the same page', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await expect.poll(() => status(alice)).toBe('online');
	await alice.press('details');
	await alice.press('remove-contact');
	await alice.press('confirm-remove-contact');
	await alice.see('add-to-contacts');
	await isGone(alice, 'ask-remove-contact');
	await alice.closeDialog();
	await expect.poll(() => status(alice)).not.toBe('online');
	await alice.press('details');
	await alice.press('add-to-contacts');
	await alice.see('remove-contact');
	await alice.closeDialog();
	await expect.poll(() => status(alice)).toBe('Invitation pending');
	await bob.press('accept');
	await expect.poll(() => status(alice)).toBe('online');
});

test('who cannot have heard of a request is told apart from who has not answered', async ({
	alice,
}) => {
	// The test's server has no connection to others.
	for (const [address, line, hint] of [
		['nobody@no-such-host.example', "Your server doesn't reach theirs", 'no-such-host.example'],
		['nobody@localhost', 'Invitation pending', "don't say whether an address exists"],
	] as const) {
		await alice.addContact(address);
		await expect.poll(() => status(alice)).toBe(line);
		await alice.press('details');
		await alice.see('pending');
		const said = () =>
			alice.tab.evaluate(
				() => document.querySelector<HTMLElement>('[data-testid=pending]')?.innerText ?? '',
			);
		await expect.poll(said).toContain(hint);
		await alice.closeDialog();
	}
	await alice.press('add-contact');
	await alice.see('contact-address');
	for (const [typed, words] of [
		['server.org', 'The name is missing: name@server.org'],
		['anna smith@server.org', 'An address has no spaces.'],
		[alice.jid, 'This is your own address.'],
	] as const) {
		await alice.tab.evaluate(() => {
			const field = document.querySelector<HTMLTextAreaElement>('[data-testid=contact-address]');
			if (field !== null) field.value = '';
		});
		await alice.tab.insert('[data-testid=contact-address]', typed);
		await alice.press('add');
		await expect
			.poll(() =>
				alice.tab.evaluate(() => document.querySelector<HTMLElement>('dialog')?.innerText ?? ''),
			)
			.toContain(words);
	}
});
