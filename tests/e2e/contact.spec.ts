import { waitFor } from './browser/browser.ts';
import { acquaint, expect, test } from './chat-fixtures.ts';
import type { MessengerPage } from './messenger-page.ts';

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
	await expect.poll(() => status(alice)).toBe('Has not accepted yet');
	await bob.press('accept');
	await expect.poll(() => status(alice)).toBe('online');
});
