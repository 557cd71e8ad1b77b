import type { Tab } from './browser/browser.ts';
import { waitFor } from './browser/browser.ts';
import { expect, PASSWORD, registered } from './chat-fixtures.ts';
import type { MessengerPage } from './messenger-page.ts';
import { test } from './raw-contact.ts';

test.use({ isPrivate: true });

/** Which screens are there, from the lowest. */
const shown = (tab: Tab) =>
	tab.evaluate(() => {
		const all = ['sign-in', 'chat-side', 'conversation', 'shell'].filter(
			(name) => document.querySelector(`.${name}`) !== null,
		);
		const dialogs = [...document.querySelectorAll<HTMLElement>('dialog[open]')];
		return [...all, ...dialogs.map(({ dataset }) => dataset['testid'])].join(' ');
	});
const stands = (tab: Tab, what: string) => expect.poll(() => shown(tab)).toBe(what);
const entries = (tab: Tab) => tab.evaluate(() => history.state?.steps?.length ?? 0);
/** By a key, or what is pressed: until its entry is gone, too. A way back that is asked for before is one with that. */
async function leave(tab: Tab, way: string): Promise<void> {
	const before = await entries(tab);
	await (way === 'Escape' ? tab.press(way) : tab.click(way));
	await expect.poll(() => entries(tab)).toBe(before - 1);
}
/** Nothing of the app is left to go back through. */
async function leavesApp(tab: Tab): Promise<void> {
	// The page that is asked is gone with that.
	await back(tab).catch(() => undefined);
	await waitFor(tab, () => document.querySelector('#app') === null, []);
}
const back = (tab: Tab) => tab.evaluate(() => history.back());

const LIST = 'chat-side';
const CHAT = `${LIST} conversation`;

/** What is opened one on top of the other, and what stands there then; `close` is its own way out. */
const WAYS: Record<string, readonly { press: string; stands: string; close: string }[]> = {
	'the media of a contact': [
		{ press: '[data-testid=conversation]', stands: CHAT, close: 'Escape' },
		{
			press: '[data-testid=details]',
			stands: `${CHAT} contact-details`,
			close: '[data-testid=close-dialog]',
		},
		{
			press: '[data-testid=open-media]',
			stands: `${CHAT} contact-media`,
			close: '[data-testid=close-dialog]',
		},
	],
	'the code of a contact': [
		{ press: '[data-testid=conversation]', stands: CHAT, close: 'Escape' },
		{
			press: '[data-testid=details]',
			stands: `${CHAT} contact-details`,
			close: '[data-testid=close-dialog]',
		},
		{
			press: '[data-testid=verify-by-code]',
			stands: `${CHAT} verify-dialog`,
			close: '[data-testid=close-dialog]',
		},
	],
	'the settings': [
		{
			press: '[data-testid=account]',
			stands: `${LIST} account-dialog`,
			close: '[data-testid=close-dialog]',
		},
		{
			press: '[data-testid=open-settings]',
			stands: `${LIST} settings-dialog`,
			close: '[data-testid=settings-dialog] [aria-label=Close]',
		},
	],
	'the way out': [
		{
			press: '[data-testid=account]',
			stands: `${LIST} account-dialog`,
			close: '[data-testid=close-dialog]',
		},
		{
			press: '[data-testid=sign-out]',
			stands: `${LIST} account-dialog ask-sign-out`,
			close: '[data-testid=ask-sign-out] [data-testid=close-dialog]',
		},
	],
	'a new contact': [
		{
			press: '[data-testid=add-contact]',
			stands: `${LIST} add-contact-dialog`,
			close: '[data-testid=close-dialog]',
		},
	],
};

const PHONE = [390, 844] as const;
const DESKTOP = [1280, 800] as const;

for (const [name, steps] of Object.entries(WAYS))
	for (const [width, height] of name === 'the media of a contact' ? [PHONE, DESKTOP] : [PHONE])
		test(`each step to ${name} is one of the way back, at ${width} pixels`, async ({
			alice,
			mallory,
		}) => {
			await atList(alice, mallory.jid, width, height);
			const { tab } = alice;
			const under = (index: number) => steps[index - 1]?.stands ?? LIST;
			const open = async (from: number) => {
				for (const step of steps.slice(from)) {
					await tab.click(step.press);
					await stands(tab, step.stands);
				}
			};
			// Back through all of them, and in between again.
			await open(0);
			for (let index = steps.length - 1; index >= 0; index -= 1) {
				await back(tab);
				await stands(tab, under(index));
				if (index !== steps.length - 1) continue;
				await open(index);
				await back(tab);
				await stands(tab, under(index));
			}
			// What is closed does not come again.
			await tab.evaluate(() => history.forward());
			await stands(tab, LIST);
			// By its own button each, and then one of both.
			await open(0);
			for (let index = steps.length - 1; index >= 0; index -= 1) {
				await leave(tab, steps[index]?.close ?? '');
				await stands(tab, under(index));
			}
			await open(0);
			for (let index = steps.length - 1; index >= 0; index -= 1) {
				if (index % 2 === 0) await back(tab);
				else await leave(tab, steps[index]?.close ?? '');
				await stands(tab, under(index));
			}
			// A reload in the midst leads to the list, and nothing is left to go back through.
			await open(0);
			await tab.reload();
			await stands(tab, LIST);
			await leavesApp(tab);
		});

async function atList(
	alice: MessengerPage,
	contact: string,
	width: number,
	height: number,
): Promise<void> {
	const { tab } = alice;
	await alice.addContact(contact);
	await tab.resize(width, height);
	await back(tab);
	await stands(tab, LIST);
}

test('opened links are a step of the way back, with and without an account', async ({
	session,
	app,
	server,
}) => {
	const tab = await session.newTab();
	await tab.goto(app.origin);
	await stands(tab, 'sign-in');
	await tab.click('[data-testid=open-links]');
	await stands(tab, 'shell');
	await tab.click('[data-testid=settings]');
	await stands(tab, 'shell settings-dialog');
	await back(tab);
	await stands(tab, 'shell');
	await back(tab);
	await stands(tab, 'sign-in');
	const user = await registered(server, 'carol');
	await tab.insert('[data-testid=address]', `${user}@localhost`);
	await tab.insert('[data-testid=password]', PASSWORD);
	await tab.click('[data-testid=server-details]');
	await tab.insert('[data-testid=websocket]', server.websocket);
	await tab.click('[data-testid=sign-in]');
	await stands(tab, LIST);
	for (const out of [() => back(tab), () => tab.click('[data-testid=to-chat]')]) {
		await tab.click('[data-testid=account]');
		await stands(tab, `${LIST} account-dialog`);
		await tab.click('[data-testid=open-links]');
		await stands(tab, 'shell');
		await out();
		await stands(tab, LIST);
	}
	// Signing out from within leaves no step.
	await tab.click('[data-testid=account]');
	await tab.click('[data-testid=sign-out]');
	await tab.click('[data-testid=confirm-sign-out]');
	await stands(tab, 'sign-in');
	await leavesApp(tab);
});
