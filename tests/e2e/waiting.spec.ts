import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { stanzaError, startComponent } from '../interop/component.ts';
import { waitFor } from './browser/browser.ts';
import { acquaint, test as base, expect } from './chat-fixtures.ts';
import type { MessengerPage } from './messenger-page.ts';

const FAR = { host: 'far.localhost', secret: 'far' };
const LATE = stanzaError('remote-server-timeout', 'wait');
const GONE = stanzaError('gone', 'cancel');

interface Far {
	prosody: ProsodyServer;
	/** what another server answers to whatever it is asked */
	far: { answer: string };
}

/** A server of its own, and another one beside it that answers what a test wants. */
const test = base.extend<Far>({
	// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
	prosody: async ({}, use) => {
		const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
		const server = await startProsody({ folder, components: [FAR] });
		await use(server);
		await server.close();
		rmSync(folder, { recursive: true, force: true });
	},
	server: async ({ prosody }, use) => {
		await use(prosody);
	},
	far: async ({ prosody }, use) => {
		const far = { answer: LATE };
		const component = await startComponent(prosody, FAR, () => far.answer);
		await use(far);
		await component.close();
	},
});

test.use({ isPrivate: true });

/** The words below the message that says this, once there are any like these. */
function lineOf(page: MessengerPage, text: string, words: string): Promise<string> {
	return waitFor(
		page.tab,
		(wanted, said) => {
			const rows = [...document.querySelectorAll<HTMLElement>('[data-testid=message]')];
			const row = rows.find((element) => element.innerText.includes(wanted));
			const line = row?.querySelector<HTMLElement>('.message-delivery');
			return line?.innerText.includes(said) ? line.innerText : undefined;
		},
		[text, words] as const,
	) as Promise<string>;
}

const count = (page: MessengerPage) =>
	page.tab.evaluate(() => document.querySelectorAll('[data-testid=message]').length);
const field = (page: MessengerPage) =>
	page.tab.evaluate(
		() => document.querySelector<HTMLTextAreaElement>('[data-testid=composer]')?.value,
	);
/** As if it were pasted: a driver types each key, which takes minutes for a long text. */
const paste = (page: MessengerPage, text: string) =>
	page.tab.evaluate((value) => {
		const target = document.querySelector<HTMLTextAreaElement>('[data-testid=composer]');
		if (target === null) return;
		target.value = value;
		target.dispatchEvent(new InputEvent('input', { bubbles: true }));
	}, text);
/** what the list says of the conversation */
const rowText = (page: MessengerPage) =>
	page.tab.evaluate(
		() => document.querySelector<HTMLElement>('[data-testid=conversation] .row-text')?.innerText,
	);
const isGone = (page: MessengerPage, testid: string) =>
	waitFor(page.tab, (id) => document.querySelector(`[data-testid=${id}]`) === null, [testid]);

test('what waits says why, and is edited, tried and cancelled, while the rest goes on', async ({
	alice,
	bob,
	far,
}) => {
	await acquaint(alice, bob);
	await alice.addContact('somebody@far.localhost');
	await alice.send('helo');
	expect(await lineOf(alice, 'helo', 'respond')).toContain(
		"Their server doesn't respond. Balcony keeps trying.",
	);
	await alice.openConversation(bob.jid);
	await alice.send('to somebody who is there');
	await bob.message('to somebody who is there');

	await alice.openConversation('somebody@far.localhost');
	await alice.press('edit-waiting');
	await alice.see('composer-task');
	expect(await field(alice)).toBe('helo');
	await alice.send(' and welcome');
	await alice.message('helo and welcome', 'waiting');
	expect((await alice.texts()).join()).toBe('helo and welcome');

	far.answer = GONE;
	await alice.press('try-now');
	expect(await lineOf(alice, 'helo', 'no longer in use')).toContain(
		'This address is no longer in use.',
	);
	await alice.message('helo and welcome', 'failed');
	await alice.press('discard-message');
	await isGone(alice, 'message');

	far.answer = LATE;
	await alice.send('never mind');
	await lineOf(alice, 'never mind', 'respond');
	await alice.act('never mind', 'cancel-sending');
	await isGone(alice, 'message');
	await alice.send('nor this');
	await lineOf(alice, 'nor this', 'respond');
	await alice.press('cancel-message');
	await isGone(alice, 'message');
	await alice.tab.reload();
	await alice.online();
	await alice.openConversation('somebody@far.localhost');
	await alice.see('composer');
	expect(await count(alice)).toBe(0);
});

test('what is typed is kept as it is typed', async ({ alice, bob }) => {
	await acquaint(alice, bob);
	// Without a pause.
	for (let n = 1; n <= 8; n++) {
		await paste(alice, `half a sentence ${n}`);
		await new Promise((resolve) => setTimeout(resolve, 250));
	}
	await alice.tab.reload();
	await alice.online();
	await alice.openConversation(bob.jid);
	await alice.see('composer');
	expect(await field(alice)).toContain('half a sentence');
});

test('what has failed is edited and sent again', async ({ alice, far }) => {
	far.answer = GONE;
	await alice.addContact('somebody@far.localhost');
	await alice.send('first');
	await lineOf(alice, 'first', 'no longer in use');
	expect(await rowText(alice)).toContain('Not sent');
	far.answer = LATE;
	await alice.press('edit-waiting');
	await alice.see('composer-task');
	await alice.send(' and second');
	await lineOf(alice, 'first and second', 'respond');
	expect(await rowText(alice)).toContain('Waiting to be sent');
	expect(await count(alice)).toBe(1);
	// What was pressed is gone.
	await alice.press('cancel-message');
	await isGone(alice, 'message');
	expect(
		await alice.tab.evaluate(() => (document.activeElement as HTMLElement).dataset['testid']),
	).toBe('composer');
});

test('a text that is too long is said to be, and goes as a file', async ({ alice, bob }) => {
	await acquaint(alice, bob);
	await bob.send('tell me a story');
	await alice.message('tell me a story');
	await alice.act('tell me a story', 'reply');
	await alice.see('composer-task');
	const long = 'Once upon a time. '.repeat(14_000);
	await paste(alice, long);
	await alice.see('send-as-file');
	const state = () =>
		alice.tab.evaluate(() => {
			const send = document.querySelector<HTMLButtonElement>('[data-testid=send]');
			const note = document.getElementById(send?.getAttribute('aria-describedby') ?? '');
			const role = note?.getAttribute('role');
			return { isDisabled: send?.disabled, words: note?.innerText, role };
		});
	expect(await state()).toEqual({
		isDisabled: true,
		words: 'This message is too long to send.',
		role: 'status',
	});
	await alice.tab.press('Enter');
	expect(await count(alice)).toBe(1);
	await alice.press('send-as-file');
	const arrived = (page: MessengerPage, name: string) =>
		waitFor(
			page.tab,
			(wanted) =>
				[...document.querySelectorAll<HTMLElement>('[data-testid=message]')].some(({ innerText }) =>
					innerText.includes(wanted),
				),
			[name],
			30_000,
		);
	await arrived(alice, 'Message 20');
	await arrived(bob, 'TXT file');
	expect(await field(alice)).toBe('');
	expect((await state()).words ?? '').toBe('');
	await isGone(alice, 'composer-task');
	expect(await count(alice)).toBe(2);
	for (const person of [alice, bob])
		await waitFor(
			person.tab,
			() =>
				document
					.querySelector<HTMLElement>('[data-testid=quote]')
					?.innerText.includes('tell me a story') === true,
			[],
		);

	// What is edited is no file, and what is not encrypted cannot be one.
	await alice.send('short');
	await bob.message('short');
	await alice.act('short', 'edit');
	await paste(alice, long);
	await waitFor(
		alice.tab,
		() => document.querySelector('[data-testid=too-long]')?.textContent !== '',
		[],
	);
	expect((await state()).words).toBe('This message is too long to send.');
	await isGone(alice, 'send-as-file');
	await alice.press('end-task');
	await alice.press('details');
	await alice.press('toggle-plaintext');
	await alice.closeDialog();
	await paste(alice, long);
	await expect
		.poll(async () => (await state()).words)
		.toBe('This message is too long to send. Shorten it.');
	await isGone(alice, 'send-as-file');
	await paste(alice, 'not long any more');
	await expect.poll(async () => (await state()).isDisabled).toBe(false);
});

/** A device without room, in this page. */
const fill = (page: MessengerPage) =>
	page.tab.evaluate(() => {
		const { put } = IDBObjectStore.prototype;
		Object.assign(globalThis, { put });
		IDBObjectStore.prototype.put = () => {
			throw new DOMException('', 'QuotaExceededError');
		};
	});
const free = (page: MessengerPage) =>
	page.tab.evaluate(() => {
		const { put } = globalThis as unknown as { put: IDBObjectStore['put'] };
		IDBObjectStore.prototype.put = put;
	});

test('what cannot be kept comes back into its field, in front of what is new', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await bob.send('what do you say?');
	await alice.message('what do you say?');
	await fill(alice);
	await alice.act('what do you say?', 'reply');
	await alice.see('composer-task');
	await alice.send('a thought');
	await alice.see('unsaved');
	expect(
		await alice.tab.evaluate(
			() => document.querySelector<HTMLElement>('[data-testid=unsaved]')?.innerText,
		),
	).toContain("There's no room on this device. Your message wasn't saved.");
	expect(await field(alice)).toBe('a thought');
	await alice.see('composer-task');
	// It stays as long as the page does, although the draft cannot be kept either.
	await alice.press('end-task');
	await alice.tab.evaluate(() => history.back());
	await isGone(alice, 'conversation-page');
	await alice.openConversation(bob.jid);
	await alice.see('composer');
	expect(await field(alice)).toBe('a thought');
	await free(alice);
	await alice.tab.click('[data-testid=composer]');
	await alice.press('send');
	await bob.message('a thought');
	await isGone(alice, 'unsaved');
	expect(await field(alice)).toBe('');
	expect(await alice.texts()).toEqual(['what do you say?', 'a thought']);
});

test('pressing Enter twice says it once', async ({ alice, bob }) => {
	await acquaint(alice, bob);
	await alice.tab.insert('[data-testid=composer]', 'once');
	const pressThrice = () =>
		alice.tab.evaluate(() => {
			const target = document.querySelector('[data-testid=composer]');
			for (let time = 0; time < 3; time++)
				target?.dispatchEvent(
					new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }),
				);
		});
	await pressThrice();
	await bob.message('once');
	// Neither is the draft sent that comes back after a correction.
	await alice.tab.insert('[data-testid=composer]', 'a draft');
	await alice.act('once', 'edit');
	await alice.see('composer-task');
	await paste(alice, 'corrected');
	await pressThrice();
	await bob.message('corrected');
	expect(await field(alice)).toBe('a draft');
	await paste(alice, '');
	await alice.send('after');
	await bob.message('after');
	expect(await bob.texts()).toEqual(['corrected', 'after']);
});

test('what was pressed and cannot be done says so', async ({ alice, bob }) => {
	await acquaint(alice, bob);
	await alice.send('to be deleted');
	await bob.message('to be deleted');
	// Before that it is cancelled, not deleted; with a full disk it would stay so.
	await alice.message('to be deleted', 'sent', 'delivered', 'read');
	await fill(alice);
	await alice.act('to be deleted', 'delete');
	await alice.press('confirm-delete');
	await alice.says("There's no room on this device for that.");
	await alice.message('to be deleted');
	await free(alice);
	await alice.act('to be deleted', 'delete');
	await alice.press('confirm-delete');
	await bob.message('This message was deleted');
});

test('a device without room says so, and what came meanwhile is there once it has some', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await alice.send('before');
	await bob.message('before');
	await fill(bob);
	await alice.send('into the full');
	await bob.see('storage-full');
	await bob.press('free-space');
	await bob.see('storage');
	await bob.tab.press('Escape');
	await isGone(bob, 'settings-dialog');
	expect(await bob.tab.evaluate(() => document.querySelector('dialog'))).toBe(null);
	// Nobody is left to believe that a device is not trusted any more.
	await bob.press('details');
	await bob.press('distrust-device');
	await bob.see('device-problem');
	await bob.closeDialog();
	await free(bob);
	await bob.message('into the full');
	await isGone(bob, 'storage-full');
});
