import { waitFor } from './browser/browser.ts';
import { expect, PASSWORD, registered, test } from './chat-fixtures.ts';
import { MessengerPage } from './messenger-page.ts';

const problem = (page: MessengerPage) =>
	page.tab.evaluate(
		() => document.querySelector<HTMLElement>('[data-testid=sign-in-problem]')?.innerText,
	);

async function enter(page: MessengerPage): Promise<void> {
	await page.see('address');
	await page.tab.insert('[data-testid=address]', page.jid);
	await page.tab.insert('[data-testid=password]', PASSWORD);
	await page.press('sign-in');
}

test('an address and a password are enough where the host names its server', async ({
	session,
	app,
	server,
}) => {
	const page = new MessengerPage(
		await session.newTab(),
		app.origin,
		await registered(server, 'anna'),
	);
	await page.tab.goto(app.origin);
	await enter(page);
	await expect.poll(() => problem(page)).toContain('Enter it below');
	app.name(server.websocket);
	try {
		await page.press('sign-in');
		await page.online();
	} finally {
		app.name(undefined);
	}
});

test('a server that was typed once is known after signing out', async ({
	session,
	app,
	server,
}) => {
	const page = new MessengerPage(
		await session.newTab(),
		app.origin,
		await registered(server, 'anna'),
	);
	await page.signIn(PASSWORD, server.websocket);
	await page.online();
	await page.press('account');
	await page.press('sign-out');
	await page.press('confirm-sign-out');
	await page.see('address');
	await page.tab.goto(app.origin);
	await enter(page);
	await page.online();
	await waitFor(page.tab, () => document.querySelector('[data-testid=address]') === null, []);
});

test('a file that is dropped where nothing takes it leaves the app where it is', async ({
	session,
	app,
}) => {
	const tab = await session.newTab();
	await tab.goto(app.origin);
	await waitFor(tab, () => document.querySelector('[data-testid=address]') !== null, []);
	const isTaken = await tab.evaluate(() => {
		const dataTransfer = new DataTransfer();
		dataTransfer.items.add(new File(['a'], 'a.txt'));
		return ['dragover', 'drop'].map((type) => {
			const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
			return !document.body.dispatchEvent(event);
		});
	});
	expect(isTaken).toEqual([true, true]);
});

test('another tab can sign in once this one has signed out', async ({ session, app, server }) => {
	const user = await registered(server, 'anna');
	const first = new MessengerPage(await session.newTab(), app.origin, user);
	await first.signIn(PASSWORD, server.websocket);
	await first.online();
	await first.press('account');
	await first.press('sign-out');
	await first.press('confirm-sign-out');
	await first.see('address');
	const second = new MessengerPage(await session.newTab(), app.origin, user);
	await second.tab.goto(app.origin);
	await second.see('address');
	await enter(second);
	await second.online();
});
