import { type Tab, waitFor } from './browser/browser.ts';
import { acquaint, expect, test } from './chat-fixtures.ts';
import { longVideo, sample } from './samples.ts';
import { choose, figures, sendTray } from './sharing-page.ts';
import { sound } from './sounds.ts';

test.use({ isPrivate: true });

/** Waits until something plays there; how far it has come, in seconds. */
const plays = (tab: Tab, where: string, from = 0) =>
	waitFor(
		tab,
		(selector: string, start: number) => {
			const media = document.querySelector<HTMLMediaElement>(`${selector} :is(audio, video)`);
			return media !== null && !media.paused && media.currentTime > start && media.currentTime;
		},
		[where, from],
		30_000,
	);
const isGone = (tab: Tab, selector: string) =>
	waitFor(tab, (one) => document.querySelector(one) === null, [selector]);
const MINI = '[data-testid=mini-player]';

test('voice messages follow each other, and what plays goes on while one reads elsewhere', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await alice.openConversation(bob.jid);
	const bytes = sound('long.m4a', 90, '-c:a', 'aac', '-b:a', '32k');
	const short = await sample('voice-message.m4a');
	await choose(bob, { name: 'one.m4a', bytes: short }, { name: 'two.m4a', bytes });
	await sendTray(bob);
	const [one, two] = await figures(alice, 2);
	const { tab } = alice;
	const figure = (id = '') => `[data-media-id="${id}"]`;
	await tab.click(`${figure(one?.id)} [data-testid=voice-play]`);
	await plays(tab, figure(two?.id));

	await alice.addContact('dora@localhost');
	const from = await plays(tab, MINI);
	await plays(tab, MINI, Number(from));
	await tab.screenshot('test-results/mini-player.png');
	// Whoever holds the phone sees no name.
	expect(await tab.evaluate(() => navigator.mediaSession?.metadata?.title)).toBe('Voice message');
	await alice.press('mini-show');
	await plays(tab, figure(two?.id), Number(from));
	await isGone(tab, MINI);

	await alice.openConversation('dora@localhost');
	await plays(tab, MINI);
	await alice.press('mini-toggle');
	await waitFor(
		tab,
		() => document.querySelector<HTMLMediaElement>('.mini-player audio')?.paused,
		[],
	);
	await alice.press('mini-stop');
	await isGone(tab, `${MINI}, .mini-player audio`);
	await alice.openConversation(bob.jid);
	await waitFor(
		tab,
		() => document.querySelectorAll('[data-testid=voice-position]').length === 2,
		[],
	);
});

test('a video goes on in a corner, not once it is taken back, and goes on where it stopped', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await alice.openConversation(bob.jid);
	await choose(bob, { name: 'evening.mp4', bytes: await longVideo() });
	await sendTray(bob, 'look');
	const [video] = await figures(alice, 1);
	const { tab } = alice;
	const figure = `[data-media-id="${video?.id}"]`;
	const play = () =>
		tab.evaluate(async (selector) => {
			const element = document.querySelector<HTMLVideoElement>(`${selector} video`);
			await element?.play();
		}, figure);
	await play();
	await plays(tab, figure, 1);
	await alice.addContact('dora@localhost');
	const from = Number(await plays(tab, MINI, 1));
	await tab.screenshot('test-results/mini-video.png');
	await alice.press('mini-toggle');
	await alice.press('mini-show');
	await isGone(tab, MINI);
	// It was stopped, and stays so; whoever plays it goes on there, full screen, too.
	await tab.click(`${figure} [data-testid=view]`);
	await plays(tab, '.viewer', from - 0.5);
	await waitFor(tab, () => {
		document.querySelector<HTMLElement>('[data-testid=viewer-close]')?.click();
		return document.querySelector('.viewer') === null;
	}, []);
	await play();
	await plays(tab, figure, from - 0.5);
	await alice.openConversation('dora@localhost');
	await plays(tab, MINI);
	await bob.tab.evaluate(
		() => void document.querySelectorAll<HTMLElement>('[data-testid=message-more]')[0]?.click(),
	);
	await bob.press('delete');
	await bob.press('confirm-delete');
	await isGone(tab, `${MINI}, video`);
});
