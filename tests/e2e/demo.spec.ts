import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDemo } from '../../tools/demo/demo.ts';
import { startRawClient } from '../interop/raw-client.ts';
import { waitFor } from './browser/browser.ts';
import { expect, PASSWORD, registered, signedIn, test } from './chat-fixtures.ts';
import { MessengerPage } from './messenger-page.ts';

const messages = (page: MessengerPage) =>
	page.tab.evaluate(() => {
		const found = [...document.querySelectorAll<HTMLElement>('[data-testid=message]')];
		return {
			all: found.length,
			own: found.filter((message) => message.classList.contains('own')).length,
			encrypted: found.filter(({ dataset }) => dataset['encrypted'] !== undefined).length,
		};
	});

/** Scrolls down as a person does; whether something was in sight on the way, and is drawn. */
const seen = (page: MessengerPage, selector: string) =>
	page.tab.evaluate((wanted) => {
		const found = document.querySelector(wanted);
		if (found === null) document.querySelector('[data-testid=messages]')?.scrollBy(0, 200);
		return found !== null;
	}, selector);

test('who signs in to the demo as either of the two finds their history', async ({
	session,
	app,
	server,
}) => {
	const users = [await registered(server, 'anna'), await registered(server, 'ben')] as const;
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-demo-'));
	const accounts = {
		anna: { user: users[0], password: PASSWORD },
		ben: { user: users[1], password: PASSWORD },
	};
	const demo = await startDemo({ server, accounts, folder });
	app.name(server.websocket);
	try {
		for (const [user, peer, own] of [
			[users[0], users[1], 3],
			[users[1], users[0], 10],
		] as const) {
			const page = new MessengerPage(await session.newTab(), app.origin, user);
			await page.tab.goto(app.origin);
			await page.see('address');
			// The one who signed out last stands there.
			await page.tab.evaluate(() => {
				const field = document.querySelector<HTMLInputElement>('[data-testid=address]');
				if (field === null) return;
				field.value = '';
				field.dispatchEvent(new InputEvent('input', { bubbles: true }));
			});
			await page.tab.insert('[data-testid=address]', page.jid);
			await page.tab.insert('[data-testid=password]', PASSWORD);
			await page.press('sign-in');
			await page.online();
			await page.openConversation(`${peer}@localhost`);
			await page.message('it need not load first');
			await expect.poll(() => messages(page)).toEqual({ all: 13, own, encrypted: 13 });
			for (const what of [
				'.image-figure.shown',
				'.album .image-figure.shown',
				'[data-testid=voice-play]',
				'[data-media-kind=video] video',
			])
				await expect.poll(() => seen(page, what), { timeout: 20_000 }).toBe(true);
			await page.press('account');
			await page.press('sign-out');
			await page.press('confirm-sign-out');
			await waitFor(page.tab, () => document.querySelector('[data-testid=address]') !== null, []);
		}
	} finally {
		app.name(undefined);
		await demo.close();
		rmSync(folder, { recursive: true, force: true });
	}
});

test('who else asks the two is decided by whoever signs in', async ({ session, app, server }) => {
	const accounts = {
		anna: { user: await registered(server, 'anna'), password: PASSWORD },
		ben: { user: await registered(server, 'ben'), password: PASSWORD },
	};
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-demo-'));
	const demo = await startDemo({ server, accounts, folder });
	const stranger = await registered(server, 'stranger');
	const client = await startRawClient(server, stranger, PASSWORD);
	try {
		const page = await signedIn(session, app.origin, server, 'ben', accounts.ben.user);
		client.send(
			`<presence xmlns="jabber:client" type="subscribe" to="${accounts.ben.user}@localhost"/>`,
		);
		await page.see('request');
		// The demo's device has heard of it as early: what it answered would have taken it away.
		await new Promise((resolve) => setTimeout(resolve, 1000));
		await page.see('accept');
	} finally {
		client.close();
		await demo.close();
		rmSync(folder, { recursive: true, force: true });
	}
});
