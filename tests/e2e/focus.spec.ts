import type { Tab } from './browser/browser.ts';
import { waitFor } from './browser/browser.ts';
import { expect } from './chat-fixtures.ts';
import { test } from './raw-contact.ts';

test.use({ isPrivate: true });

/** What has the focus: what it is called in tests, or whose row it is, else what it is. */
const focused = (tab: Tab) =>
	tab.evaluate(() => {
		const element = document.activeElement as HTMLElement | null;
		const { testid, peer } = element?.dataset ?? {};
		return peer ?? testid ?? element?.tagName.toLowerCase() ?? '';
	});
const isFocused = (tab: Tab, what: string) => expect.poll(() => focused(tab)).toBe(what);
/** By keyboard: a click does not focus a button in each browser. */
async function press(tab: Tab, testid: string): Promise<void> {
	await waitFor(
		tab,
		(id) => {
			const button = document.querySelector<HTMLElement>(`[data-testid=${id}]`);
			button?.focus();
			return button !== null && document.activeElement === button;
		},
		[testid] as const,
	);
	await tab.press('Enter');
}

test('the focus goes back where a dialog was opened, also through several', async ({
	alice,
	mallory,
}) => {
	const { tab } = alice;
	await alice.addContact(mallory.jid);
	for (const [opener, ...others] of [
		['add-contact'],
		['account'],
		['account', 'open-settings'],
		['account', 'show-code'],
		['account', 'verify-by-code'],
		['account', 'sign-out'],
		['account', 'erase'],
		['account', 'open-settings', 'clear-all'],
		['details'],
		['details', 'open-media'],
		['details', 'verify-by-code'],
		['details', 'remove-contact'],
	] as const) {
		for (const testid of [opener, ...others]) await press(tab, testid);
		for (let open = others.length + 1; open > 0; open -= 1) {
			const count = () => document.querySelectorAll('dialog[open]').length;
			await expect.poll(() => tab.evaluate(count)).toBeGreaterThan(0);
			await tab.press('Escape');
			// Of several one may take the place of the other.
			if (open > 1) await expect.poll(() => focused(tab)).not.toBe('body');
		}
		await waitFor(tab, () => document.querySelector('dialog') === null, []);
		await isFocused(tab, opener);
	}
});

test('a contact that is removed leaves the focus where it was', async ({ alice, mallory }) => {
	const { tab } = alice;
	await alice.addContact(mallory.jid);
	await press(tab, 'details');
	await press(tab, 'remove-contact');
	await press(tab, 'confirm-remove-contact');
	await isFocused(tab, 'add-to-contacts');
	await tab.press('Escape');
	await isFocused(tab, 'details');
	await tab.press('Escape');
	await isFocused(tab, mallory.jid);
});

test('who deletes a message for everyone can write on', async ({ alice, bob }) => {
	const { tab } = alice;
	await alice.addContact(bob.jid);
	await alice.send('said too soon');
	await alice.message('said too soon', 'sent', 'delivered', 'read');
	for (const testid of ['message-more', 'delete', 'confirm-delete']) await press(tab, testid);
	await alice.message('This message was deleted');
	await isFocused(tab, 'composer');
});

test('who signs out or erases everything can sign in at once', async ({ alice, server }) => {
	const { tab } = alice;
	await press(tab, 'account');
	await press(tab, 'open-links');
	await alice.see('to-chat');
	await isFocused(tab, 'h1');
	await press(tab, 'to-chat');
	await alice.see('account');
	await isFocused(tab, 'h1');
	await press(tab, 'account');
	await press(tab, 'sign-out');
	await press(tab, 'confirm-sign-out');
	// What belongs to the account is gone from the page, its address included.
	await isFocused(tab, 'address');
	await tab.insert('[data-testid=address]', alice.jid);
	await tab.insert('[data-testid=password]', 'a secret');
	await tab.click('[data-testid=server-details]');
	await tab.insert('[data-testid=websocket]', server.websocket);
	await tab.press('Enter');
	await alice.see('account');
	await isFocused(tab, 'h1');
	await press(tab, 'account');
	await press(tab, 'erase');
	await press(tab, 'confirm-erase');
	await isFocused(tab, 'address');
});
