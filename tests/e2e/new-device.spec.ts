import { publishDevices } from '../interop/device-list-node.ts';
import { waitFor } from './browser/browser.ts';
import { acquaint, type Chat, PASSWORD, signedIn, test } from './chat-fixtures.ts';
import { expect, openEngine } from './fixtures.ts';
import type { MessengerPage } from './messenger-page.ts';

/** Ids of a device that has published no key. */
const SILENT = 4711;

/** Waits until what is called so says this. */
async function says(page: MessengerPage, testid: string, text: string): Promise<void> {
	const look = (id: string) =>
		document.querySelector<HTMLElement>(`[data-testid=${id}]`)?.innerText.replace(/\s+/g, ' ');
	await expect.poll(() => page.tab.evaluate(look, testid), { timeout: 30_000 }).toContain(text);
}

/** Waits until nothing is called so. */
async function isGone(page: MessengerPage, testid: string): Promise<void> {
	await waitFor(page.tab, (id) => document.querySelector(`[data-testid=${id}]`) === null, [testid]);
}

/** Waits until so many of the devices that are shown are verified. */
async function verifies(page: MessengerPage, count: number): Promise<void> {
	await waitFor(
		page.tab,
		(wanted) => document.querySelectorAll('.device[data-trust=verified]').length === wanted,
		[count],
	);
}

/** The row of the list that has the focus, once it has one, and whether it is in sight. */
function focusedDevice(page: MessengerPage) {
	return waitFor(page.tab, () => {
		const row = document.activeElement;
		if (!(row instanceof HTMLElement) || row.dataset['testid'] !== 'device') return undefined;
		const { top, bottom } = row.getBoundingClientRect();
		return {
			id: Number(row.dataset['device']),
			text: row.innerText.replace(/\s+/g, ' '),
			isInSight: bottom > 0 && top < innerHeight,
		};
	}, []);
}

/** Waits until that row shows the numbers to compare. */
function fingerprintOf(page: MessengerPage, id: number): Promise<string> {
	return waitFor(
		page.tab,
		(wanted) =>
			document
				.querySelector<HTMLElement>(`[data-device="${wanted}"] .fingerprint`)
				?.innerText.replaceAll(' ', ''),
		[id],
	) as Promise<string>;
}

/** The device that somebody is on. */
async function ownDevice(page: MessengerPage): Promise<{ id: number; fingerprint: string }> {
	await page.press('account');
	await page.see('device');
	const id = await page.tab.evaluate(() =>
		Number(document.querySelector<HTMLElement>('[data-testid=device]')?.dataset['device']),
	);
	const fingerprint = await fingerprintOf(page, id);
	await page.closeDialog();
	return { id, fingerprint };
}

/** Somebody signs in on one more device. */
async function onAnother(
	{ jid }: MessengerPage,
	{ app, server }: Pick<Chat, 'server'> & { app: { origin: string } },
): Promise<{ page: MessengerPage; close(): Promise<void> }> {
	const session = await openEngine('chromium');
	const page = await signedIn(session, app.origin, server, '', jid.split('@')[0]);
	return { page, close: () => session.close() };
}

test('a new device of who is verified cannot read yet: the chat says so, and leads to it', async ({
	alice,
	bob,
	app,
	server,
}) => {
	await acquaint(alice, bob);
	await alice.send('one');
	await bob.message('one');
	await alice.press('details');
	await alice.press('verify-device');
	await verifies(alice, 1);
	await alice.closeDialog();
	await isGone(alice, 'unverified-note');

	const second = await onAnother(bob, { app, server });
	const { id, fingerprint } = await ownDevice(second.page);
	await says(alice, 'unverified-note', "has a new device that can't read what you write until");
	await alice.send('for the first');
	await bob.message('for the first');
	expect(await alice.leftOutOf('for the first')).toContain('Not encrypted for 1 of');

	await alice.press('unverified-details');
	expect(await focusedDevice(alice)).toMatchObject({
		id,
		isInSight: true,
		text: expect.stringContaining("New: can't read your messages until you verify it"),
	});
	expect(await fingerprintOf(alice, id)).toBe(fingerprint);
	// The other one is verified already: this is the only one that can be.
	await alice.press('verify-device');
	await isGone(alice, 'unverified-note');
	await alice.closeDialog();
	const isBack = () => document.activeElement?.closest('.conversation') !== null;
	await waitFor(alice.tab, isBack, []);
	await alice.send('for both');
	await second.page.openConversation(alice.jid);
	expect(await second.page.message('for both')).toMatchObject({ encrypted: true });
	await bob.message('for both');
	expect(await second.page.texts()).not.toContain('for the first');
	await second.close();
});

test('it is said of a device whose key is not known, and of a new one of our own', async ({
	alice,
	bob,
	app,
	server,
}) => {
	await acquaint(alice, bob);
	await alice.send('one');
	await bob.message('one');
	const [user = ''] = bob.jid.split('@');
	const { id } = await ownDevice(bob);
	const second = await onAnother(bob, { app, server });
	const other = await ownDevice(second.page);
	// Of our own devices the one that we are on is verified anyway.
	for (const [page, place, verified] of [
		[alice, 'details', 1],
		[bob, 'account', 2],
	] as const) {
		await page.press(place);
		await page.press('verify-device');
		await verifies(page, verified);
		await page.closeDialog();
	}
	await publishDevices(server, user, PASSWORD, [id, other.id, SILENT]);
	await says(alice, 'unverified-note', 'has a new device');
	await says(bob, 'own-unverified-note', 'A new device of yours');
	await bob.press('own-unverified-details');
	await bob.see('account-dialog');
	expect(await focusedDevice(bob)).toMatchObject({ id: SILENT, isInSight: true });
	// What it is left out for besides: there is nothing to compare.
	await says(bob, 'account-dialog', 'It has not published a key');
	await second.close();
});
