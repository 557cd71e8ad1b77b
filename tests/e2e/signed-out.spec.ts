import type { XmppServer } from '../../tools/xmpp-server.ts';
import { BalconyPage } from './balcony-page.ts';
import { waitFor } from './browser/browser.ts';
import { acquaint, expect, PASSWORD, registered, test } from './chat-fixtures.ts';
import { MessengerPage } from './messenger-page.ts';
import { sample } from './samples.ts';
import { choose, figures, sendTray } from './sharing-page.ts';

/** Signs in without a reload: what this page still has is looked at, too. */
async function enter({ tab, jid }: MessengerPage): Promise<void> {
	await tab.insert('[data-testid=address]', jid);
	await tab.insert('[data-testid=password]', PASSWORD);
	await tab.click('[data-testid=sign-in]');
}

async function signOut(page: MessengerPage): Promise<void> {
	await page.press('account');
	await page.press('sign-out');
	await page.press('confirm-sign-out');
	await page.see('address');
}

/** The opened links as this page shows them, and the way back from there. */
async function links({ session, tab, origin }: BalconyPage): Promise<string[]> {
	const page = new BalconyPage(tab, session, origin);
	const isSignedIn = await tab.evaluate(() => document.querySelector('[data-testid=account]'));
	if (isSignedIn) await tab.click('[data-testid=account]');
	await page.ready();
	const ids = await page.ids();
	await tab.click('[data-testid=to-chat]');
	return ids;
}

async function openLink(page: BalconyPage, uri: string): Promise<string> {
	await page.ready();
	const id = await page.openLink(uri);
	await page.waitState(id, 'verified');
	await page.tab.click('[data-testid=to-chat]');
	return id;
}

/** Whether the worker answers for an item. */
const served = ({ tab }: { tab: BalconyPage['tab'] }, id: string) =>
	tab.evaluate(async (item) => (await fetch(`/media/${item}/media.bin`)).status, id);

/** As the version before accounts owned files had written them. */
const forgetOwners = ({ tab }: MessengerPage) =>
	tab.evaluate(async () => {
		const done = <T>(request: IDBRequest<T>) =>
			new Promise<T>((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error);
			});
		const database = await done(indexedDB.open('balcony'));
		const store = database.transaction('media', 'readwrite').objectStore('media');
		for (const { owner: _, ...record } of await done(store.getAll()))
			await done(store.put(record, record.id));
		database.close();
	});

async function carlOf(page: MessengerPage, server: XmppServer): Promise<MessengerPage> {
	const user = await registered(server, 'carl');
	return new MessengerPage(page.tab, page.origin, user);
}

test('photos, chats and drafts are shown to their account alone, and are there again without a download', async ({
	alice,
	bob,
	server,
	session,
	app,
	host,
}) => {
	const page = new BalconyPage(alice.tab, session, app.origin);
	await acquaint(alice, bob);
	const photo = await host.share('photo.jpg', await sample('balcony.jpg'));
	const other = await host.share('other.jpg', await sample('balcony.jpg'));
	await bob.openConversation(alice.jid);
	await bob.send(photo.uri);
	await alice.openConversation(bob.jid);
	const [own] = await figures(alice, 1);
	await alice.tab.insert('[data-testid=composer]', 'what nobody else reads');
	await alice.press('account');
	const link = await openLink(page, other.uri);
	// A profile of the version before is the same.
	await forgetOwners(alice);
	await alice.tab.reload();
	await alice.online();
	await alice.openConversation(bob.jid);
	await figures(alice, 1);
	expect(await links(page)).toEqual([link]);
	await alice.tab.evaluate(() => {
		const left = { close: () => Object.assign(globalThis, { isNoticeClosed: true }) };
		const { prototype } = ServiceWorkerRegistration;
		Object.assign(prototype, { getNotifications: async () => [left] });
	});
	await signOut(alice);
	await waitFor(alice.tab, () => 'isNoticeClosed' in globalThis, []);
	const shown = () =>
		page.tab.evaluate(() => {
			const [field] = document.querySelectorAll('input');
			return `${document.title}|${field?.value}|${document.querySelectorAll('img[src*="/media/"]').length}`;
		});
	expect(await shown()).toBe('Balcony||0');
	expect(await links(page)).toEqual([link]);

	const carl = await carlOf(alice, server);
	await enter(carl);
	await carl.online();
	const row = () => document.querySelector('[data-testid=conversation]') === null;
	expect(await carl.tab.evaluate(row)).toBe(true);
	expect(await links(page)).toEqual([link]);
	await signOut(carl);

	const { requests } = host;
	const before = requests.length;
	await enter(alice);
	await alice.online();
	await alice.openConversation(bob.jid);
	expect(await figures(alice, 1)).toEqual([own]);
	const draft = () => document.querySelector<HTMLTextAreaElement>('[data-testid=composer]')?.value;
	expect(await alice.tab.evaluate(draft)).toBe('what nobody else reads');
	expect(host.requests.length).toBe(before);
});

test('what is erased is gone from every tab at once', async ({ alice, session, app, host }) => {
	const page = new BalconyPage(alice.tab, session, app.origin);
	await alice.addContact('dora@localhost');
	await choose(alice, { name: 'photo.jpg', bytes: Buffer.from(await sample('balcony.jpg')) });
	await sendTray(alice);
	const [photo] = await figures(alice, 1);
	await alice.press('account');
	const shared = await host.share('other.jpg', await sample('balcony.jpg'));
	const link = await openLink(page, shared.uri);
	const second = new BalconyPage(await session.newTab(), session, app.origin);
	await second.tab.goto(app.origin);
	const theirs = new MessengerPage(second.tab, app.origin, '');
	await theirs.press('take-over');
	await theirs.press('account');
	await second.ready();
	expect(await second.ids()).toEqual([link]);
	await alice.press('take-over');
	await alice.press('account');
	await alice.press('erase');
	await alice.press('confirm-erase');
	await alice.see('address');
	await waitFor(
		second.tab,
		() => document.querySelectorAll('[data-testid=media-item]').length === 0,
		[],
	);
	for (const id of [photo?.id ?? '', link]) expect(await served(page, id)).toBe(404);
	expect(await links(page)).toEqual([]);
});

test('who is kept out by a server that has moved is told the way in', async ({ alice, server }) => {
	await signOut(alice);
	const moved = new URL(server.websocket);
	moved.hostname = moved.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
	const { tab } = alice;
	await tab.insert('[data-testid=address]', alice.jid);
	await tab.insert('[data-testid=password]', PASSWORD);
	await tab.click('[data-testid=server-details]');
	await tab.insert('[data-testid=websocket]', moved.href);
	await tab.click('[data-testid=sign-in]');
	await alice.press('server-moved');
	await alice.press('confirm-erase');
	await waitFor(
		tab,
		() =>
			document.querySelector('[data-testid=erased]')?.textContent !== '' &&
			document.activeElement === document.querySelector('[data-testid=sign-in]'),
		[],
	);
	await alice.press('sign-in');
	await alice.online();
});

test('who has looked in one tab who is signed in, and nobody was, keeps nobody out in another', async ({
	alice,
	session,
	app,
}) => {
	const second = new MessengerPage(await session.newTab(), app.origin, '');
	await second.tab.goto(app.origin);
	await second.see('take-over');
	await signOut(alice);
	await second.press('take-over');
	await second.see('address');
	await enter(alice);
	await alice.online();
});
