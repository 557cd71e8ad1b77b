import type { Tab } from './browser/browser.ts';
import { waitFor } from './browser/browser.ts';
import { acquaint, expect, test } from './chat-fixtures.ts';

test.use({ isPrivate: true });

const isClosed = () => document.querySelector('[data-testid=conversation-page]') === null;

async function toList(tab: Tab): Promise<void> {
	await tab.evaluate(() => history.back());
	await waitFor(tab, isClosed, []);
}

/** What of a list is in sight, and whether its end is. */
const inSight = (tab: Tab) =>
	tab.evaluate(() => {
		const list = document.querySelector('[data-testid=messages]');
		const frame = list?.getBoundingClientRect() ?? new DOMRect();
		const isIn = (element: Element | null) => {
			const { top = -1, bottom = -1 } = element?.getBoundingClientRect() ?? {};
			return top >= frame.top - 1 && bottom <= frame.bottom + 1;
		};
		const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = list ?? {};
		return {
			divider: isIn(document.querySelector('[data-testid=unread-from]')),
			end: scrollHeight - scrollTop - clientHeight < 40,
			button: document.querySelector<HTMLElement>('[data-testid=to-newest]')?.innerText,
		};
	});

const long = (name: string) => `${name} ${'and so on '.repeat(30)}`;

test('a conversation opens at what is new, and what comes is counted on the way down', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await alice.tab.resize(900, 420);
	await bob.send(long('read'));
	await alice.message('read');
	await toList(alice.tab);
	for (const name of ['first', 'second', 'third']) await bob.send(long(name));
	await waitFor(alice.tab, () => document.title.startsWith('(3)'), []);
	await alice.openConversation(bob.jid);
	await alice.message('third');
	await expect.poll(() => inSight(alice.tab)).toEqual({ divider: true, end: false, button: '3' });
	await bob.send(long('fourth'));
	await alice.message('fourth');
	await expect.poll(() => inSight(alice.tab)).toEqual({ divider: true, end: false, button: '4' });
	await alice.press('to-newest');
	await expect.poll(async () => (await inSight(alice.tab)).end).toBe(true);
	await bob.send('fifth');
	await alice.message('fifth');
	await expect.poll(async () => (await inSight(alice.tab)).end).toBe(true);
});

test('what comes while somebody reads further up is read when they are back at the end', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await alice.tab.resize(900, 420);
	for (const name of ['first', 'second', 'third']) await bob.send(long(name));
	await alice.message('third');
	await bob.message('third', 'read');
	await alice.tab.evaluate(() => {
		const list = document.querySelector('[data-testid=messages]');
		list?.dispatchEvent(new WheelEvent('wheel'));
		list?.scrollTo(0, 0);
	});
	await alice.see('to-newest');
	await bob.send('below');
	await alice.message('below');
	await waitFor(alice.tab, () => document.title.startsWith('(1)'), []);
	expect(await inSight(alice.tab)).toMatchObject({ end: false, button: '1' });
	await bob.send('and more');
	await alice.message('and more');
	await waitFor(alice.tab, () => document.title.startsWith('(2)'), []);
	const { state } = await bob.message('below', 'delivered');
	expect(state).toBe('delivered');
	// Told apart without colours, too.
	const drawn = await bob.tab.evaluate(() =>
		['delivered', 'read'].map(
			(delivery) => document.querySelector(`[data-delivery=${delivery}] path`)?.outerHTML,
		),
	);
	expect(new Set(drawn).size).toBe(2);
	await alice.press('to-newest');
	await waitFor(alice.tab, () => document.title === 'Balcony', []);
	await bob.message('and more', 'read');
});

test('what came while nobody looked at an open conversation is told apart', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	const look = (visibility: string) =>
		alice.tab.evaluate((value) => {
			Object.defineProperty(document, 'visibilityState', { value, configurable: true });
			document.dispatchEvent(new Event('visibilitychange'));
		}, visibility);
	await bob.send('seen');
	await alice.message('seen');
	await look('hidden');
	await bob.send('not seen yet');
	await waitFor(alice.tab, () => document.title.startsWith('(1)'), []);
	expect((await inSight(alice.tab)).divider).toBe(false);
	await look('visible');
	await alice.see('unread-from');
	await waitFor(alice.tab, () => document.title === 'Balcony', []);
	const next = await alice.tab.evaluate(
		() => document.querySelector<HTMLElement>('[data-testid=unread-from] + li')?.innerText ?? '',
	);
	expect(next).toContain('not seen yet');
});

test('the way back leads to the list after a reload, too', async ({ alice, bob }) => {
	await acquaint(alice, bob);
	await alice.tab.reload();
	await alice.openConversation(bob.jid);
	await toList(alice.tab);
	await alice.openConversation(bob.jid);
	await toList(alice.tab);
});

test('a message is told of while nobody looks, and pressing that leads to it', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await alice.tab.evaluate(() => {
		const told: {
			title: string;
			body: string | undefined;
			isOpen: boolean;
			onclick?: () => void;
		}[] = [];
		class Told {
			static permission = 'granted';
			static requestPermission = async () => 'granted';
			isOpen = true;
			title: string;
			body: string | undefined;
			constructor(title: string, { body }: NotificationOptions) {
				this.title = title;
				this.body = body;
				told.push(this);
			}
			close() {
				this.isOpen = false;
			}
		}
		Object.assign(globalThis, { Notification: Told, told });
		document.hasFocus = () => false;
	});
	const told = () =>
		alice.tab.evaluate(() =>
			(
				globalThis as unknown as { told: { title: string; body: string; isOpen: boolean }[] }
			).told.map(({ title, body, isOpen }) => ({ title, body, isOpen })),
		);
	await toList(alice.tab);
	await bob.send('nobody is told');
	await waitFor(alice.tab, () => document.title.startsWith('(1)'), []);
	await alice.press('account');
	await alice.see('notifications');
	await alice.tab.evaluate(() => {
		const field = document.querySelector<HTMLSelectElement>('[data-testid=notifications]');
		if (field !== null) field.value = 'text';
		field?.dispatchEvent(new Event('change', { bubbles: true }));
	});
	await alice.closeDialog();
	await bob.send('are you there?');
	await waitFor(alice.tab, () => document.title.startsWith('(2)'), []);
	const title = bob.jid.split('@')[0];
	expect(await told()).toEqual([{ title, body: 'are you there?', isOpen: true }]);
	await alice.tab.evaluate(() =>
		(globalThis as unknown as { told: { onclick(): void }[] }).told[0]?.onclick(),
	);
	await alice.message('are you there?');
	await expect.poll(told).toEqual([{ title, body: 'are you there?', isOpen: false }]);
});
