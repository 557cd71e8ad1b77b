import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startProsody } from '../../tools/prosody.ts';
import { startComponent } from '../interop/component.ts';
import { Person } from '../interop/person.ts';
import { until } from '../interop/until.ts';
import type { Tab } from './browser/browser.ts';
import { waitFor } from './browser/browser.ts';
import { acquaint, test as base, expect, PASSWORD, registered, signedIn } from './chat-fixtures.ts';
import type { MessengerPage } from './messenger-page.ts';

interface Strangers {
	/** Somebody whom nobody knows, with a Balcony that has no screen. */
	stranger: (name: string) => Promise<Person>;
}

const test = base.extend<Strangers>({
	stranger: async ({ server }, use) => {
		const all: Person[] = [];
		await use(async (name) => {
			const person = new Person(server, await registered(server, name), PASSWORD);
			all.push(person);
			return person.signIn();
		});
		for (const { messenger } of all) await messenger.close();
	},
});

test.use({ isPrivate: true });

const requestsText = (tab: Tab) =>
	tab.evaluate(
		() => document.querySelector<HTMLElement>('[data-testid=requests]')?.innerText ?? '',
	);
/** Whose rows the list shows, from the top. */
const rows = (tab: Tab) =>
	tab.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>('[data-testid=conversation]')].map(
			({ dataset }) => dataset['peer'],
		),
	);
/** What has the focus: whose row it is, else what it is called in tests. */
const focused = (tab: Tab) =>
	tab.evaluate(() => {
		const { peer, testid } = (document.activeElement as HTMLElement | null)?.dataset ?? {};
		return peer ?? testid;
	});
const isGone = (testid: string) => document.querySelector(`[data-testid=${testid}]`) === null;

async function openRequest(person: MessengerPage, jid: string): Promise<void> {
	await person.openConversation(jid);
	await person.see('request-banner');
}

async function writes(from: Person, to: MessengerPage, text: string): Promise<void> {
	await from.messenger.messages.send(to.jid, text);
	const gone: readonly unknown[] = ['sent', 'delivered', 'read'];
	await until(text, async () => {
		const last = (await from.messages(to)).at(-1);
		// Somebody who has just signed in for the first time may not have published keys yet.
		if (last?.state === 'failed' && last.problem === 'no-devices')
			await from.messenger.messages.retry(last);
		return last?.text === text && gone.includes(last.state);
	});
}

test('who is unknown is no chat but a request, and does not count', async ({
	alice,
	bob,
	stranger,
}) => {
	await acquaint(alice, bob);
	const [eve, mallory] = [await stranger('eve'), await stranger('mallory')];
	await writes(eve, alice, 'do you know me?');
	await alice.see('requests');
	await expect.poll(() => requestsText(alice.tab)).toContain('1 person you');
	await writes(mallory, alice, 'and me?');
	await expect.poll(() => requestsText(alice.tab)).toContain('2 people you');
	await alice.see('requests-unread');
	expect(await rows(alice.tab)).toEqual([bob.jid]);
	expect(await alice.tab.evaluate(() => document.title)).toBe('Balcony');
	// Beside a conversation that is open.
	await alice.press('requests');
	await expect.poll(() => rows(alice.tab)).toEqual([mallory.jid, eve.jid]);
	await expect.poll(() => focused(alice.tab)).toBe(mallory.jid);
	await alice.tab.press('ArrowDown');
	expect(await focused(alice.tab)).toBe(eve.jid);
	await alice.tab.press('Enter');
	await alice.see('request-banner');
	await alice.message('do you know me?');
	// The conversation is left first, then the requests.
	await alice.tab.press('Escape');
	await expect.poll(() => focused(alice.tab)).toBe(eve.jid);
	await alice.tab.press('Escape');
	await expect.poll(() => focused(alice.tab)).toBe('requests');
	expect(await rows(alice.tab)).toEqual([bob.jid]);
	await bob.send('from a contact');
	await waitFor(alice.tab, () => document.title === '(1) Balcony', []);
});

test('who is accepted is a chat, as is who is answered', async ({ alice, stranger }) => {
	const [eve, mallory] = [await stranger('eve'), await stranger('mallory')];
	await writes(eve, alice, 'do you know me?');
	await writes(mallory, alice, 'and me?');
	await alice.press('requests');
	await openRequest(alice, eve.jid);
	await alice.press('accept-request');
	await waitFor(alice.tab, isGone, ['request-banner']);
	await expect.poll(() => focused(alice.tab)).toBe('composer');
	await expect.poll(() => rows(alice.tab)).toEqual([mallory.jid]);
	await openRequest(alice, mallory.jid);
	await alice.send('I do');
	await waitFor(alice.tab, isGone, ['request-banner']);
	await until('the answer', async () =>
		(await mallory.messages(alice)).some(({ text }) => text === 'I do'),
	);
	// The last of them: the chats are there again.
	await expect.poll(() => rows(alice.tab)).toEqual([mallory.jid, eve.jid]);
	await waitFor(alice.tab, isGone, ['requests']);
	await alice.tab.reload();
	await alice.online();
	expect(await rows(alice.tab)).toEqual([mallory.jid, eve.jid]);
	await alice.openConversation(eve.jid);
	await alice.press('details');
	await alice.press('add-to-contacts');
	await until('asked', () => eve.messenger.state.requests.includes(alice.jid));
});

test('who asks to be a contact and writes is asked about once, and has one answer', async ({
	alice,
	stranger,
}) => {
	const eve = await stranger('eve');
	await eve.messenger.people.addContact(alice.jid);
	await alice.see('request');
	await writes(eve, alice, 'it is me');
	await alice.see('requests');
	await waitFor(alice.tab, isGone, ['request']);
	await alice.press('requests');
	await openRequest(alice, eve.jid);
	await alice.press('accept-request');
	await waitFor(alice.tab, isGone, ['request-banner']);
	await until('accepted', () => eve.messenger.state.contacts[alice.jid]?.subscription === 'both');
	expect(await alice.tab.evaluate(() => document.querySelector('[data-testid=request]'))).toBe(
		null,
	);
	await writes(eve, alice, 'glad to be here');
	await eve.delivered(alice, 'glad to be here', 'read');
});

test('what is deleted is gone with its draft, and who is blocked cannot write', async ({
	alice,
	stranger,
}) => {
	const [eve, mallory] = [await stranger('eve'), await stranger('mallory')];
	await writes(eve, alice, 'buy this');
	await writes(mallory, alice, 'buy that');
	await alice.press('requests');
	await openRequest(alice, eve.jid);
	await alice.message('buy this');
	await alice.tab.insert('[data-testid=composer]', 'never to be sent');
	await alice.press('delete-request');
	await alice.closeDialog();
	await alice.message('buy this');
	await alice.press('delete-request');
	await alice.press('confirm-delete-request');
	await waitFor(alice.tab, isGone, ['conversation-page']);
	await expect.poll(() => rows(alice.tab)).toEqual([mallory.jid]);
	await expect.poll(() => focused(alice.tab)).toBe(mallory.jid);
	await openRequest(alice, mallory.jid);
	await alice.press('block-request');
	await alice.press('confirm-block-request');
	await waitFor(alice.tab, isGone, ['conversation-page']);
	await alice.see('first-steps');
	await mallory.messenger.messages.send(alice.jid, 'are you there?');
	await mallory.delivered(alice, 'are you there?', 'failed');
	await alice.tab.reload();
	await alice.online();
	await alice.see('first-steps');
	expect(await rows(alice.tab)).toEqual([]);
	// Who was only deleted can write again.
	await writes(eve, alice, 'buy this again');
	await alice.press('requests');
	await openRequest(alice, eve.jid);
	await alice.message('buy this again');
	expect(await alice.texts()).toEqual(['buy this again']);
	const draft = await alice.tab.evaluate(
		() => document.querySelector<HTMLTextAreaElement>('[data-testid=composer]')?.value,
	);
	expect(draft).toBe('');
});

test('who cannot be blocked stays, and that is said', async ({ alice, stranger, server }) => {
	const eve = await stranger('eve');
	await writes(eve, alice, 'hello');
	await alice.press('requests');
	await openRequest(alice, eve.jid);
	await eve.messenger.close();
	await server.kill();
	await waitFor(
		alice.tab,
		() => document.querySelector<HTMLElement>('[data-state=offline]') !== null,
		[],
	);
	await alice.press('block-request');
	await alice.press('confirm-block-request');
	await alice.see('request-problem');
	await alice.message('hello');
	await server.start();
	await alice.online();
	await alice.press('block-request');
	await alice.press('confirm-block-request');
	await waitFor(alice.tab, isGone, ['conversation-page']);
	await alice.see('first-steps');
});

test('all requests are deleted at once, after asking', async ({ alice, bob, stranger }) => {
	await acquaint(alice, bob);
	const [eve, mallory] = [await stranger('eve'), await stranger('mallory')];
	await writes(eve, alice, 'one');
	await writes(mallory, alice, 'two');
	await alice.press('requests');
	await openRequest(alice, eve.jid);
	await alice.press('delete-requests');
	await alice.closeDialog();
	expect(await rows(alice.tab)).toEqual([mallory.jid, eve.jid]);
	await alice.press('delete-requests');
	await alice.press('confirm-delete-requests');
	await expect.poll(() => rows(alice.tab)).toEqual([bob.jid]);
	await waitFor(alice.tab, isGone, ['conversation-page']);
	await waitFor(alice.tab, isGone, ['requests']);
	await expect.poll(() => focused(alice.tab)).toBe(bob.jid);
});

test("on a phone the requests are a page, and the phone's way back leads through it", async ({
	alice,
	bob,
	stranger,
}) => {
	await acquaint(alice, bob);
	await alice.tab.resize(390, 844);
	await alice.press('back');
	const [eve, mallory] = [await stranger('eve'), await stranger('mallory')];
	await writes(eve, alice, 'one');
	await writes(mallory, alice, 'two');
	const goBack = () => alice.tab.evaluate(() => history.back());
	await alice.press('requests');
	await alice.see('request-list');
	await openRequest(alice, eve.jid);
	await goBack();
	await waitFor(alice.tab, isGone, ['conversation-page']);
	await alice.see('request-list');
	expect(await focused(alice.tab)).toBe(eve.jid);
	// It is there again after a reload, and its own way back does the same.
	await alice.tab.reload();
	await alice.see('request-list');
	await goBack();
	await waitFor(alice.tab, isGone, ['request-list']);
	await alice.press('requests');
	await alice.press('requests-back');
	await waitFor(alice.tab, isGone, ['request-list']);
	await expect.poll(() => focused(alice.tab)).toBe('requests');
	// With the last one, nothing is left to go back to.
	await alice.press('requests');
	for (const { jid } of [mallory, eve]) {
		await openRequest(alice, jid);
		await alice.press('accept-request');
		await waitFor(alice.tab, isGone, ['request-banner']);
		await goBack();
		await waitFor(alice.tab, isGone, ['conversation-page']);
	}
	await expect.poll(() => rows(alice.tab)).toEqual([mallory.jid, eve.jid, bob.jid]);
	expect(await alice.tab.evaluate(() => history.state as unknown)).toBeNull();
});

test('requests are found by searching', async ({ alice, stranger }) => {
	const eve = await stranger('eve');
	await writes(eve, alice, 'hello');
	await alice.see('requests');
	await alice.tab.insert('[data-testid=search]', eve.jid.slice(0, 5));
	await expect.poll(() => rows(alice.tab)).toEqual([eve.jid]);
	await alice.tab.click('[data-testid=search]');
	await alice.tab.press('Enter');
	await alice.see('request-banner');
});

test('one notice is for all requests, and says nothing that unknown people chose', async ({
	alice,
	stranger,
}) => {
	const [eve, mallory] = [await stranger('eve'), await stranger('mallory')];
	await alice.press('account');
	await alice.see('notifications');
	await alice.tab.evaluate(() => {
		const told: { title: string; body: string | undefined; isOpen: boolean }[] = [];
		class Told {
			static permission = 'granted';
			static requestPermission = async () => 'granted';
			constructor(title: string, { body }: NotificationOptions) {
				const notice = { title, body, isOpen: true };
				told.push(notice);
				Object.assign(this, { close: () => (notice.isOpen = false) });
			}
		}
		Object.assign(globalThis, { Notification: Told, told });
		document.hasFocus = () => false;
		const field = document.querySelector<HTMLSelectElement>('[data-testid=notifications]');
		if (field !== null) field.value = 'text';
		field?.dispatchEvent(new Event('change', { bubbles: true }));
	});
	await alice.closeDialog();
	const told = () => alice.tab.evaluate(() => (globalThis as unknown as { told: unknown[] }).told);
	const notice = {
		title: 'New message request',
		body: 'From a person you may not know',
		isOpen: true,
	};
	await writes(eve, alice, 'WIN MONEY');
	await expect.poll(told).toEqual([notice]);
	await writes(eve, alice, 'WIN MORE');
	await writes(mallory, alice, 'WIN MOST');
	await alice.press('requests');
	await expect.poll(() => rows(alice.tab)).toEqual([mallory.jid, eve.jid]);
	expect(await told()).toEqual([notice]);
	// Once all of them were looked at, the next one is told of.
	for (const { jid } of [eve, mallory]) {
		await openRequest(alice, jid);
		await waitFor(
			alice.tab,
			(peer) => document.querySelector(`[data-peer="${peer}"].has-unread`) === null,
			[jid],
		);
	}
	const closed = { ...notice, isOpen: false };
	await expect.poll(told).toEqual([closed]);
	const trudy = await stranger('trudy');
	await writes(trudy, alice, 'WIN');
	await expect.poll(told).toEqual([closed, notice]);
});

test('when there is no room for more requests, that is said until there is', async ({
	session,
	app,
}) => {
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
	const flood = { host: 'flood.localhost', secret: 'flood' };
	const server = await startProsody({ folder, components: [flood] });
	const component = await startComponent(server, flood);
	try {
		const alice = await signedIn(session, app.origin, server, 'alice');
		const write = (n: number) =>
			component.send(
				`<message from="s${n}@flood.localhost" to="${alice.jid}" type="chat" id="${n}"><body>buy ${n}</body></message>`,
			);
		for (let n = 0; n < 60; n++) write(n);
		await expect.poll(() => requestsText(alice.tab)).toContain('50 people');
		await alice.press('requests');
		await alice.see('requests-full');
		const [newest = ''] = await rows(alice.tab);
		await openRequest(alice, newest);
		await alice.press('delete-request');
		await alice.press('confirm-delete-request');
		await waitFor(alice.tab, isGone, ['requests-full']);
		write(60);
		await expect.poll(() => rows(alice.tab)).toContain('s60@flood.localhost');
		await alice.see('requests-full');
		await alice.press('delete-requests');
		await alice.press('confirm-delete-requests');
		await alice.see('first-steps');
	} finally {
		await component.close();
		await server.close();
		rmSync(folder, { recursive: true, force: true });
	}
});
