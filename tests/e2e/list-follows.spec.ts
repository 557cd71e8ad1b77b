import { Person } from '../interop/person.ts';
import { until } from '../interop/until.ts';
import { times } from '../what-runs.ts';
import type { Tab } from './browser/browser.ts';
import { waitFor } from './browser/browser.ts';
import { test as base, expect, PASSWORD, registered } from './chat-fixtures.ts';
import type { MessengerPage } from './messenger-page.ts';

interface Friend {
	/** a contact of Alice, with a Balcony that has no screen */
	friend: Person;
}

const test = base.extend<Friend>({
	friend: async ({ server, alice }, use) => {
		const person = new Person(server, await registered(server, 'friend'), PASSWORD);
		await person.signIn();
		await alice.tab.resize(900, 500);
		await alice.addContact(person.jid);
		await until('a request', () => person.messenger.state.requests.includes(alice.jid));
		person.messenger.people.answerRequest(alice.jid, true);
		await use(person);
		await person.messenger.close();
	},
});

test.use({ isPrivate: true });

/** Pixels that what somebody reads may move, and those from its end within which a list is at it. */
const STILL = 2;
const AT_END = 40;

/** What of the list is in sight, once all that was changed is drawn. */
const sightOf = (tab: Tab) =>
	tab.evaluate(async () => {
		const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
		await frame();
		await frame();
		const list = document.querySelector('[data-testid=messages]');
		const { top = 0, bottom = 0 } = list?.getBoundingClientRect() ?? {};
		const rows = [...(list?.querySelectorAll<HTMLElement>('[data-testid=message]') ?? [])];
		const last = rows.at(-1)?.getBoundingClientRect();
		const divider = list?.querySelector('[data-testid=unread-from]')?.getBoundingClientRect();
		const isIn = (rect?: DOMRect) =>
			rect !== undefined && rect.top >= top - 1 && rect.bottom <= bottom + 1;
		return {
			/** as much of it as there is room for */
			lastIsSeen:
				last !== undefined &&
				last.bottom <= bottom + 1 &&
				(last.top >= top - 1 || last.bottom > top),
			/** how far it is down to the end */
			below: list ? list.scrollHeight - list.scrollTop - list.clientHeight : 0,
			divider: divider === undefined ? null : { isSeen: isIn(divider), at: divider.top - top },
			button: document.querySelector<HTMLElement>('[data-testid=to-newest]')?.innerText ?? null,
			/** what begins in sight, from the top */
			places: rows.flatMap((row) => {
				const at = row.getBoundingClientRect().top;
				return at >= top && at < bottom ? [{ key: row.dataset['key'] ?? '', at: at - top }] : [];
			}),
			last: rows.at(-1)?.innerText ?? '',
		};
	});

/** Says something as the friend, and waits until it stands on Alice's screen. */
async function hear(alice: MessengerPage, friend: Person, text: string): Promise<void> {
	await friend.messenger.messages.send(alice.jid, text);
	await alice.message(text);
}

/** Sends something that is to be the last that stands there. */
async function say(alice: MessengerPage, text: string): Promise<void> {
	await alice.send(text);
	await waitFor(
		alice.tab,
		(wanted) =>
			[...document.querySelectorAll<HTMLElement>('[data-testid=message]')]
				.at(-1)
				?.innerText.includes(wanted) === true,
		[text] as const,
	);
}

async function toList(tab: Tab): Promise<void> {
	await tab.evaluate(() => history.back());
	await waitFor(tab, () => document.querySelector('[data-testid=conversation-page]') === null, []);
}

/** As a wheel does it. */
async function scroll(tab: Tab, by: number): Promise<void> {
	await tab.evaluate((step) => {
		const list = document.querySelector('[data-testid=messages]');
		list?.dispatchEvent(new WheelEvent('wheel', { deltaY: step, bubbles: true }));
		list?.scrollBy(0, step);
	}, by);
}

async function look(tab: Tab, visibility: 'visible' | 'hidden'): Promise<void> {
	await tab.evaluate((value) => {
		Object.defineProperty(document, 'visibilityState', { value, configurable: true });
		document.dispatchEvent(new Event('visibilitychange'));
	}, visibility);
}

const long = (text: string) => `${text} ${'and so on '.repeat(25)}`;

test('who answers what was new is at the end, and stays there with what comes', async ({
	alice,
	friend,
}) => {
	await hear(alice, friend, 'read');
	await toList(alice.tab);
	for (const name of ['first', 'second', 'third', 'fourth'])
		await friend.messenger.messages.send(alice.jid, long(name));
	await waitFor(alice.tab, () => document.title.startsWith('(4)'), []);
	await alice.openConversation(friend.jid);
	await alice.message('fourth');
	await expect.poll(async () => (await sightOf(alice.tab)).divider).toMatchObject({ isSeen: true });
	await say(alice, 'my answer');
	await expect
		.poll(() => sightOf(alice.tab))
		.toMatchObject({ lastIsSeen: true, divider: null, button: null });
	for (let n = 1; n <= 22; n += 1) {
		await hear(alice, friend, `line ${n}.`);
		if (n % 7 === 0 || n === 22)
			expect(await sightOf(alice.tab)).toMatchObject({
				lastIsSeen: true,
				divider: null,
				button: null,
			});
	}
	await waitFor(alice.tab, () => document.title === 'Balcony', []);
});

test('what was new and is all in sight is the end, and is followed', async ({ alice, friend }) => {
	await toList(alice.tab);
	await friend.messenger.messages.send(alice.jid, 'new');
	await waitFor(alice.tab, () => document.title.startsWith('(1)'), []);
	await alice.openConversation(friend.jid);
	await alice.see('unread-from');
	for (let n = 1; n <= 22; n += 1) await hear(alice, friend, `line ${n}.`);
	await expect.poll(() => sightOf(alice.tab)).toMatchObject({ lastIsSeen: true, button: null });
	expect((await sightOf(alice.tab)).divider).not.toBeNull();
});

/** The same numbers for the same seed. */
function random(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state * 1103515245 + 12345) % 2 ** 31;
		return Math.floor((state / 2 ** 31) * below);
	};
}

const EVENTS = [
	'hear',
	'hear',
	'hear long',
	'send',
	'scroll up',
	'scroll down',
	'resize',
	'grow',
	'write lines',
	'hide and show',
	'take back',
	'open again',
] as const;

async function runOrders(alice: MessengerPage, friend: Person, seeds: readonly number[]) {
	for (let n = 0; n < 30; n += 1) await friend.messenger.messages.send(alice.jid, `before ${n}.`);
	await alice.message('before 29.');
	let said = 0;
	const next = () => {
		said += 1;
		return `said ${said}.`;
	};
	for (const seed of seeds) {
		const pick = random(seed * 7919);
		const done: string[] = [];
		await say(alice, `order ${seed}.`);
		for (let step = 0; step < 9; step += 1) {
			const event = EVENTS[pick(EVENTS.length)] ?? 'hear';
			const before = await sightOf(alice.tab);
			done.push(`${event} (${Math.round(before.below)})`);
			let isMoved = false;
			if (event === 'hear') await hear(alice, friend, next());
			else if (event === 'hear long') await hear(alice, friend, long(next()));
			else if (event === 'send') await say(alice, next());
			else if (event === 'scroll up' || event === 'scroll down') {
				isMoved = true;
				await scroll(alice.tab, (event === 'scroll up' ? -1 : 1) * (60 + pick(500)));
			} else if (event === 'resize') await alice.tab.resize(700 + pick(300), 380 + pick(200));
			else if (event === 'grow')
				await alice.tab.evaluate(
					(place, height) => {
						const rows = [...document.querySelectorAll<HTMLElement>('[data-testid=message]')];
						const row = rows.at(-1 - Math.min(place, rows.length - 1));
						const bubble = row?.querySelector<HTMLElement>('.bubble');
						if (bubble) bubble.style.minHeight = `${height}px`;
					},
					pick(12),
					40 + pick(200),
				);
			else if (event === 'write lines')
				await alice.tab.insert('[data-testid=composer]', 'a\nb\nc\nd');
			else if (event === 'hide and show') {
				await look(alice.tab, 'hidden');
				const text = next();
				// The server may hold it back until somebody looks (XEP-0352).
				await friend.messenger.messages.send(alice.jid, text);
				await look(alice.tab, 'visible');
				await alice.message(text);
			} else if (event === 'take back') {
				const own = await friend.messages(alice);
				const last = own.filter(({ isOwn, isRetracted }) => isOwn && !isRetracted).at(-1);
				const text = last?.text?.trim();
				if (last !== undefined && text !== undefined) {
					await friend.messenger.messages.retract(last);
					await waitFor(
						alice.tab,
						(gone) =>
							![...document.querySelectorAll<HTMLElement>('.message-text')].some(({ innerText }) =>
								innerText.includes(gone),
							),
						[text] as const,
					);
				}
			} else if (event === 'open again') {
				isMoved = true;
				await toList(alice.tab);
				await alice.openConversation(friend.jid);
				await alice.see('message');
			}
			const after = await sightOf(alice.tab);
			const order = `seed ${seed}: ${done.join(', ')}`;
			if (event === 'send') {
				expect(after, order).toMatchObject({ lastIsSeen: true, divider: null });
			} else if (!isMoved && before.below < AT_END && event !== 'hide and show') {
				expect(after.lastIsSeen, order).toBe(true);
				expect(after.button, order).toBeNull();
			} else if (
				!isMoved &&
				before.below >= AT_END &&
				after.below >= AT_END &&
				event !== 'resize'
			) {
				const moved = before.places.flatMap(({ key, at }) => {
					const now = after.places.find((place) => place.key === key);
					return now === undefined ? [] : [Math.abs(now.at - at)];
				});
				expect(Math.min(...moved), order).toBeLessThanOrEqual(STILL);
			}
			expect(after.button === null, order).toBe(after.below < AT_END);
		}
		await alice.tab.evaluate(() => {
			const field = document.querySelector<HTMLTextAreaElement>('[data-testid=composer]');
			if (field === null) return;
			field.value = '';
			field.dispatchEvent(new Event('input', { bubbles: true }));
		});
	}
}

// Each on its own: far up in a conversation of many messages the newest are not in memory.
for (const first of [1, 7, 13, 19, 25, 31])
	test(`whatever happens in whatever order, the end stays the end and what is read stays (${first})`, async ({
		alice,
		friend,
	}) => {
		const seeds = Array.from({ length: times(6, 3) }, (_, n) => first + n);
		await runOrders(alice, friend, seeds);
	});
