import { formatContactUri } from '../../src/core/links/contact-uri.ts';
import { publishDevices } from '../interop/device-list-node.ts';
import { type BrowserSession, waitFor } from './browser/browser.ts';
import { acquaint, test as base, PASSWORD, signedIn } from './chat-fixtures.ts';
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

/** Waits until that row shows the fingerprint to compare. */
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

const test = base.extend<{
	/** Somebody signs in on one more device. */
	onAnother: (person: MessengerPage) => Promise<MessengerPage>;
}>({
	onAnother: async ({ app, server }, use) => {
		const sessions: BrowserSession[] = [];
		await use(async ({ jid }) => {
			const session = await openEngine('chromium');
			sessions.push(session);
			return signedIn(session, app.origin, server, '', jid.split('@')[0]);
		});
		for (const session of sessions) await session.close();
	},
});

test.use({ isPrivate: true });

/** Waits until the focus is in the conversation. */
async function isBack(page: MessengerPage): Promise<void> {
	const look = () => document.activeElement?.closest('.conversation') !== null;
	await waitFor(page.tab, look, []);
}

test('a new device of who is verified cannot read yet: the chat says so, and leads to it', async ({
	alice,
	bob,
	onAnother,
}) => {
	await acquaint(alice, bob);
	await alice.send('one');
	await bob.message('one');
	await alice.press('details');
	await alice.press('verify-device');
	await verifies(alice, 1);
	await alice.closeDialog();
	await isGone(alice, 'unverified-note');

	const second = await onAnother(bob);
	const { id, fingerprint } = await ownDevice(second);
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
	await alice.tab.evaluate(() =>
		document.querySelector<HTMLElement>('[data-testid=verify-device]')?.focus(),
	);
	await alice.tab.press('Enter');
	await isGone(alice, 'unverified-note');
	expect(await focusedDevice(alice)).toMatchObject({ id });
	await alice.closeDialog();
	await isBack(alice);
	await alice.send('for both');
	await second.openConversation(alice.jid);
	expect(await second.message('for both')).toMatchObject({ encrypted: true });
	await bob.message('for both');
	expect(await second.texts()).not.toContain('for the first');
});

test('it is said of a device whose key is not known, and of a new one of our own', async ({
	alice,
	bob,
	onAnother,
	server,
}) => {
	await acquaint(alice, bob);
	await alice.send('one');
	await bob.message('one');
	const [user = ''] = bob.jid.split('@');
	const { id } = await ownDevice(bob);
	const second = await onAnother(bob);
	const other = await ownDevice(second);
	// Of our own devices the one that we are on is verified anyway.
	for (const [page, place, verified] of [
		[alice, 'details', 1],
		[bob, 'account', 2],
	] as const) {
		await page.press(place);
		// A key that comes after the first was verified would have to be verified, too.
		await fingerprintOf(page, id);
		await fingerprintOf(page, other.id);
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
});

test('it is verified by a link from where the note leads, and the focus is back in the chat', async ({
	alice,
	bob,
	onAnother,
}) => {
	await acquaint(alice, bob);
	await alice.send('one');
	await bob.message('one');
	await alice.press('details');
	await alice.press('verify-device');
	await verifies(alice, 1);
	await alice.closeDialog();
	const device = await ownDevice(await onAnother(bob));
	await alice.press('unverified-details');
	await alice.press('verify-by-code');
	await alice.see('contact-address');
	const link = formatContactUri({ address: bob.jid, devices: [device] });
	await alice.tab.type('[data-testid=contact-address]', link);
	await alice.press('add');
	await alice.press('done');
	await verifies(alice, 2);
	await isGone(alice, 'unverified-note');
	await alice.closeDialog();
	await isBack(alice);
});
