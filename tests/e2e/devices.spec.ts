import { encode } from 'uqr';
import { formatContactUri, type NamedDevice } from '../../src/core/links/contact-uri.ts';
import { publishDevices } from '../interop/device-list-node.ts';
import { waitFor } from './browser/browser.ts';
import { acquaint, PASSWORD, signedIn, test } from './chat-fixtures.ts';
import { expect, openEngine } from './fixtures.ts';
import { MessengerPage } from './messenger-page.ts';

test.use({ isPrivate: true });

/** How a device stands in the list that is shown. */
interface ShownDevice extends NamedDevice {
	readonly trust: string;
	readonly active: boolean;
}

function shownDevices(page: MessengerPage): Promise<ShownDevice[]> {
	return page.tab.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>('[data-testid=device]')].map((row) => ({
			id: Number(row.dataset['device']),
			fingerprint:
				row.querySelector<HTMLElement>('.fingerprint')?.innerText.replaceAll(' ', '') ?? '',
			trust: row.dataset['trust'] ?? '',
			active: row.dataset['active'] !== undefined,
		})),
	);
}

/** Waits until the devices that are shown are trusted so. */
async function trusts(page: MessengerPage, ...wanted: string[]): Promise<void> {
	await expect
		.poll(async () => (await shownDevices(page)).map(({ trust }) => trust), { timeout: 20_000 })
		.toEqual(wanted);
}

/** The link by which somebody names the device that they are on. */
async function linkOf(page: MessengerPage): Promise<{ link: string; device: NamedDevice }> {
	await page.press('account');
	await page.see('device');
	const [{ id, fingerprint } = { id: 0, fingerprint: '' }] = await shownDevices(page);
	await page.closeDialog();
	const device = { id, fingerprint };
	return { link: formatContactUri({ address: page.jid, devices: [device] }), device };
}

async function enterCode(page: MessengerPage, link: string): Promise<void> {
	await page.see('contact-address');
	await page.tab.type('[data-testid=contact-address]', link);
	await page.press('add');
	await page.see('verification');
}

/** What has the focus: somebody in the list, a part of the page, or nothing. */
function focused(page: MessengerPage): Promise<string> {
	return page.tab.evaluate(() => {
		const at = document.activeElement;
		if (!(at instanceof HTMLElement)) return '';
		if (at.classList.contains('row')) return at.dataset['peer'] ?? '';
		return at.closest('.conversation') === null ? (at.dataset['testid'] ?? '') : 'conversation';
	});
}

async function focusIs(page: MessengerPage, wanted: string): Promise<void> {
	await expect.poll(() => focused(page)).toBe(wanted);
}

test('a QR code shows who somebody is and what they are on, and what it says verifies', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await alice.send('one');
	await bob.message('one');
	const { link } = await linkOf(bob);
	await bob.press('account');
	await bob.press('show-code');
	const drawn = await waitFor(
		bob.tab,
		() => document.querySelector('svg.qr path')?.getAttribute('d') ?? undefined,
		[],
	);
	const codes = [0, 1, 2, 3, 4, 5, 6, 7].map((maskPattern) =>
		encode([...new TextEncoder().encode(link)], { ecc: 'L', border: 0, maskPattern }),
	);
	expect(codes.map(({ data }) => JSON.stringify(data))).toContain(
		JSON.stringify(modulesOf(drawn ?? '', codes[0]?.size ?? 0)),
	);

	await alice.press('details');
	await trusts(alice, 'blind');
	await alice.press('verify-by-code');
	await enterCode(alice, link);
	await alice.press('done');
	await trusts(alice, 'verified');
});

test('a link verifies before the first message, and one that contradicts is a warning', async ({
	alice,
	bob,
}) => {
	const { link, device } = await linkOf(bob);
	await alice.press('add-contact');
	await enterCode(alice, link);
	await alice.press('done');
	await bob.press('accept');
	await alice.send('to whom I know');
	expect(await bob.message('to whom I know')).toMatchObject({ encrypted: true });
	await alice.press('details');
	await trusts(alice, 'verified');
	await alice.closeDialog();

	await bob.send('to whom I believe');
	await alice.message('to whom I believe');
	await bob.press('details');
	await trusts(bob, 'blind');
	await bob.press('verify-by-code');
	const { device: own } = await linkOf(alice);
	const forged = { ...own, fingerprint: device.fingerprint };
	await enterCode(bob, formatContactUri({ address: alice.jid, devices: [forged] }));
	await bob.see('contradicted');
	await bob.press('done');
	await trusts(bob, 'undecided');
	await bob.closeDialog();
	await bob.send('to whom I doubt');
	await bob.message('to whom I doubt', 'failed');
});

test('a device without keys is left out, and both the conversation and the list say so', async ({
	alice,
	bob,
	server,
}) => {
	const { device } = await linkOf(bob);
	const [user = ''] = bob.jid.split('@');
	await publishDevices(server, user, PASSWORD, [device.id, 4711]);
	await acquaint(alice, bob);
	await alice.send('to those who can read it');
	expect(await bob.message('to those who can read it')).toMatchObject({ encrypted: true });
	const note = await alice.leftOutOf('to those who can read it');
	expect(note).toBe(`Not encrypted for 1 of ${user}’s devices`);
	await alice.press('left-out-details');
	await alice.see('device');
	const leftOut = () =>
		alice.tab.evaluate(() =>
			[...document.querySelectorAll<HTMLElement>('[data-testid=device]')].map((row) => [
				row.dataset['device'],
				row.dataset['leftOut'] ?? '',
				row.innerText.includes('not encrypted for this device'),
			]),
		);
	await expect.poll(leftOut).toEqual([
		[String(device.id), '', false],
		['4711', 'missing', true],
	]);
	await alice.closeDialog();
	await publishDevices(server, user, PASSWORD, [device.id]);
	await waitFor(
		alice.tab,
		() => document.querySelector('[data-testid=left-out-note]') === null,
		[],
	);
	await alice.send('to all of them');
	await bob.message('to all of them');
	expect(await alice.leftOutOf('to all of them')).toBe('');
});

test('a code is read by the camera where the browser can', async ({ bobs, app, server }) => {
	const page = await signedIn(bobs, app.origin, server, 'carol');
	const link = formatContactUri({
		address: 'dora@localhost',
		devices: [{ id: 7, fingerprint: 'ab'.repeat(32) }],
	});
	await page.tab.evaluate((text) => {
		const canvas = document.createElement('canvas');
		setInterval(() => canvas.getContext('2d')?.fillRect(0, 0, Math.random() * 99, 99), 50);
		const camera = canvas.captureStream(20);
		Object.assign(globalThis, {
			camera,
			BarcodeDetector: class {
				static async getSupportedFormats(): Promise<string[]> {
					return ['qr_code'];
				}
				looks = 0;
				async detect() {
					this.looks += 1;
					if (this.looks < 3) return [];
					return [{ rawValue: 'https://a.example' }, { rawValue: text }];
				}
			},
		});
		navigator.mediaDevices.getUserMedia = async () => camera;
	}, link);
	await page.press('add-contact');
	await page.press('scan');
	await page.see('scanner');
	await waitFor(
		page.tab,
		(wanted) => {
			const field = document.querySelector<HTMLInputElement>('[data-testid=contact-address]');
			return field?.value === wanted && document.querySelector('.scanner') === null;
		},
		[link],
	);
	await page.see('link-hint');
	const isOff = await page.tab.evaluate(() =>
		(globalThis as unknown as { camera: MediaStream }).camera
			.getTracks()
			.every(({ readyState }) => readyState === 'ended'),
	);
	expect(isOff).toBe(true);
});

test('a device is taken off the account, and forgotten on both sides', async ({
	alice,
	bob,
	app,
	server,
}) => {
	await acquaint(alice, bob);
	const others = await openEngine('chromium');
	const second = new MessengerPage(await others.newTab(), app.origin, bob.jid.split('@')[0] ?? '');
	await second.signIn('a secret', server.websocket);
	await second.online();
	// A message goes to the devices that are known by then.
	for (const [page, place] of [
		[alice, 'details'],
		[bob, 'account'],
	] as const) {
		await page.press(place);
		await expect.poll(async () => (await shownDevices(page)).length, { timeout: 20_000 }).toBe(2);
		await page.closeDialog();
	}
	await alice.send('to both');
	await bob.message('to both');
	await bob.send('from one of both');
	await alice.message('from one of both');
	await alice.press('details');
	await trusts(alice, 'blind', 'blind');
	await bob.press('account');
	await bob.press('dismiss-device');
	await bob.see('device-is-back');
	expect((await shownDevices(bob)).map(({ active }) => active)).toEqual([true, true]);
	await bob.closeDialog();
	await second.press('account');
	await second.press('sign-out');
	await second.see('ask-sign-out');
	await second.tab.press('Escape');
	await waitFor(second.tab, () => document.querySelectorAll('dialog').length === 1, []);
	await second.press('sign-out');
	await second.press('confirm-sign-out');
	await second.see('address');
	await others.close();

	await bob.press('account');
	await bob.press('dismiss-device');
	await bob.see('forget-device');
	const inUse = async (page: MessengerPage) =>
		(await shownDevices(page)).map(({ active }) => active);
	await expect.poll(() => inUse(alice), { timeout: 20_000 }).toEqual([true, false]);
	for (const page of [alice, bob]) {
		await page.press('forget-device');
		await expect.poll(() => inUse(page)).toEqual([true]);
		await page.closeDialog();
	}
	await alice.send('to one');
	await bob.message('to one');
});

test('who erases everything is gone from the device, and the device from the account', async ({
	alice,
	bob,
	server,
}) => {
	await acquaint(alice, bob);
	await alice.send('before');
	await bob.message('before');
	await bob.press('account');
	await bob.press('erase');
	await bob.press('confirm-erase');
	await bob.see('address');
	await alice.press('details');
	await expect
		.poll(async () => (await shownDevices(alice)).map(({ active }) => active), { timeout: 20_000 })
		.toEqual([false]);
	// Back again, as somebody new, to whom nothing of before is known.
	await bob.signIn('a secret', server.websocket);
	await bob.online();
	await expect
		.poll(async () => (await shownDevices(alice)).map(({ active }) => active).sort(), {
			timeout: 20_000,
		})
		.toEqual([false, true]);
	await bob.press('account');
	await bob.see('device');
	expect((await shownDevices(bob)).map(({ active }) => active)).toEqual([true]);
});

test('who has nobody yet is shown the first steps', async ({ alice }) => {
	await alice.see('first-steps');
	const text = await alice.tab.evaluate(
		() => document.querySelector<HTMLElement>('[data-testid=first-steps]')?.innerText ?? '',
	);
	expect(text).toContain(alice.jid);
	await alice.press('first-code');
	await alice.see('copy-link');
	await alice.closeDialog();
	await alice.press('first-add');
	await alice.tab.type('[data-testid=contact-address]', alice.jid);
	await alice.press('add');
	await waitFor(
		alice.tab,
		() => document.querySelector<HTMLElement>('.problem')?.innerText.includes('own address'),
		[],
	);
	await alice.closeDialog();
	await alice.addContact('dora@localhost');
	expect(
		await alice.tab.evaluate(() => document.querySelector('[data-testid=first-steps]') === null),
	).toBe(true);
});

test('the list is used by keys alone, and stays where it is', async ({ alice }) => {
	await alice.tab.evaluate(() => {
		const screens = (records: MutationRecord[]) =>
			records.flatMap(({ removedNodes }) => [...removedNodes]);
		new MutationObserver((records) => {
			if (screens(records).some((node) => node instanceof Element && node.matches('.chat-screen')))
				document.title = 'the screen was taken away';
		}).observe(document.body, { childList: true, subtree: true });
	});
	const names = ['dora@localhost', 'emil@localhost', 'fay@localhost'];
	for (const jid of names) await alice.addContact(jid);
	await focusIs(alice, 'conversation');
	await alice.tab.press('Escape');
	await focusIs(alice, 'fay@localhost');
	expect(
		await alice.tab.evaluate(() => document.querySelectorAll('.row:not([tabindex="-1"])').length),
	).toBe(1);
	await alice.tab.press('ArrowDown');
	await focusIs(alice, 'emil@localhost');
	await alice.tab.press('End');
	await focusIs(alice, 'dora@localhost');
	await alice.tab.press('ArrowDown');
	await focusIs(alice, 'dora@localhost');
	await alice.tab.press('Home');
	await focusIs(alice, 'fay@localhost');
	await alice.tab.press('ArrowUp');
	await focusIs(alice, 'search');
	for (const key of 'emi') await alice.tab.press(key);
	await alice.tab.press('Enter');
	await waitFor(
		alice.tab,
		() =>
			document.querySelector('[data-testid=conversation-page][data-peer="emil@localhost"]') !==
			null,
		[],
	);
	await focusIs(alice, 'conversation');
	await alice.tab.press('Escape');
	await focusIs(alice, 'emil@localhost');
	await alice.tab.press('Enter');
	await focusIs(alice, 'conversation');
	expect(await alice.tab.evaluate(() => document.title)).toBe('Balcony');
});

test('the focus goes where it came from when dialogs follow each other', async ({ alice }) => {
	await alice.press('account');
	await alice.press('show-code');
	await alice.see('own-code');
	await alice.tab.press('Escape');
	await alice.see('account-dialog');
	await alice.press('verify-by-code');
	await focusIs(alice, 'contact-address');
	await alice.tab.press('Escape');
	await alice.see('account-dialog');
	await alice.tab.press('Escape');
	await focusIs(alice, 'account');
});

/** The rows of modules of an outline, true for dark. */
function modulesOf(outline: string, size: number): boolean[][] {
	const rows = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
	for (const [, x, y, length] of outline.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
		rows[Number(y)]?.fill(true, Number(x), Number(x) + Number(length));
	return rows;
}
