import { type Tab, waitFor } from './browser/browser.ts';
import { acquaint, expect, test } from './chat-fixtures.ts';
import { photo } from './photos.ts';
import { longVideo, sample } from './samples.ts';

/** What some apps call a file on the server. */
const RANDOM = '0b7c8a52-51a4-4b0e-9a54-0c6b6d0a9c11';

const text = (tab: Tab, selector: string) =>
	tab.evaluate((one) => document.querySelector<HTMLElement>(one)?.innerText.trim() ?? '', selector);

/** Somewhere below a selector something plays, and all of it has not come yet. */
const plays = (tab: Tab, selector: string) =>
	waitFor(
		tab,
		(one) => {
			const media = document.querySelector<HTMLMediaElement>(`${one} :is(video, audio)`);
			return media !== null && !media.paused && media.currentTime > 0;
		},
		[selector],
		30_000,
	);

const isPaused = (tab: Tab) =>
	tab.evaluate(() => document.querySelector<HTMLMediaElement>('video, audio')?.paused ?? true);

test('a video above the limit has its Play, which says what it is and plays it at once', async ({
	alice,
	bob,
	host,
}) => {
	await acquaint(alice, bob);
	await alice.limitLoading(1_000_000);
	await alice.openConversation(bob.jid);
	const file = await host.share(`${RANDOM}.mp4`, await longVideo());
	await bob.send(file.uri);
	await alice.see('play');
	await alice.tab.screenshot('test-results/play-waits.png');
	const said = await text(alice.tab, '[data-testid=media-item]');
	expect(said).toContain('Not downloaded yet');
	expect(said).toContain('MB');
	expect(said).not.toContain('Playing');
	host.clearLog();
	host.shape({ bitsPerSecond: 15e5, delayMs: 10 });
	try {
		await alice.press('play');
		await plays(alice.tab, '[data-testid=media-item]');
		// Not downloaded whole: what plays is asked for as it is needed.
		const sent = host.requests.reduce((sum, request) => sum + request.sent, 0);
		expect(sent).toBeLessThan((await longVideo()).length);
		expect(await text(alice.tab, '.media-state')).toBe('Playing, not yet verified');
		await alice.tab.evaluate(() => document.querySelector('video')?.pause());
		await waitFor(
			alice.tab,
			() => document.querySelector<HTMLElement>('.media-state')?.innerText === 'Not yet verified',
			[],
		);
		// The same after a reload: a part of it is here, and nothing plays.
		await alice.tab.reload();
		await alice.openConversation(bob.jid);
	} finally {
		host.shape(undefined);
	}
	await alice.see('play');
	expect(await text(alice.tab, '[data-testid=media-item]')).not.toContain('Playing');
	expect(await text(alice.tab, '[data-testid=media-item]')).toContain('1:00');
	await alice.press('view');
	await alice.see('viewer-act');
	expect(await text(alice.tab, '[data-testid=viewer-act]')).toBe('Play');
	await alice.press('viewer-act');
	await plays(alice.tab, '.viewer');
	await closeViewer(alice.tab);
});

/** Its bar goes away while something plays, and a driver presses nothing that is not to be seen. */
const closeViewer = (tab: Tab) =>
	waitFor(tab, () => {
		document.querySelector<HTMLElement>('[data-testid=viewer-close]')?.click();
		return document.querySelector('.viewer') === null;
	}, []);

test('a video that was not opened at all plays by one press, in the conversation and among all media', async ({
	alice,
	bob,
	host,
}) => {
	await acquaint(alice, bob);
	await alice.limitLoading(0);
	await alice.openConversation(bob.jid);
	await bob.send((await host.share(`${RANDOM}.mp4`, await longVideo())).uri);
	await alice.see('load-file');
	await alice.tab.screenshot('test-results/play-unopened.png');
	expect(await text(alice.tab, '.message-file p')).toBe('Video');
	expect(await text(alice.tab, '[data-testid=load-file]')).toBe('Play');
	await alice.press('load-file');
	await plays(alice.tab, '[data-testid=media-item]');
	await bob.send('and another');
	await bob.send((await host.share('second.mp4', await longVideo())).uri);
	await bob.send('and a voice');
	await bob.send((await host.share('voice.m4a', await sample('voice-message.m4a'))).uri);
	await waitFor(
		alice.tab,
		() => document.querySelectorAll('[data-testid=load-file]').length === 2,
		[],
	);
	await alice.press('details');
	await alice.press('open-media');
	await alice.see('media-tile');
	// WebKit's driver presses nothing that still moves.
	const press = () =>
		alice.tab.click('[data-testid=media-tile]').then(
			() => true,
			() => false,
		);
	await expect.poll(press).toBe(true);
	await plays(alice.tab, '.viewer');
	await closeViewer(alice.tab);
	await alice.press('media-voice');
	await alice.tab.click('.media-list [data-testid=load-file]');
	await plays(alice.tab, '.media-list');
	expect(await isPaused(alice.tab)).toBe(true);
});

test('no control of a message is covered by another', async ({ alice, bob, host }) => {
	test.slow();
	await acquaint(alice, bob);
	const large = await longVideo();
	await bob.send((await host.share('alone.jpg', photo(1600, 1200))).uri);
	await bob.send('a photo');
	await bob.send((await host.share('alone.mp4', large)).uri);
	await bob.send('a video');
	await bob.send((await host.share('voice.m4a', await sample('voice-message.m4a'))).uri);
	await bob.send((await host.share('notes.txt', await sample('notes.txt'))).uri);
	for (const name of ['one.mp4', 'two.mp4', 'three.mp4'])
		await bob.send((await host.share(name, large)).uri);
	await bob.send((await host.share('four.jpg', photo(1600, 1200))).uri);
	await bob.send('an album');
	await alice.message('an album');
	for (const [width, height] of [
		[1280, 800],
		[390, 844],
	] as const) {
		await alice.tab.resize(width, height);
		const covered = await waitFor(
			alice.tab,
			async () => {
				const found: string[] = [];
				for (const message of document.querySelectorAll<HTMLElement>('.message')) {
					message.scrollIntoView({ block: 'center' });
					await new Promise((resolve) => requestAnimationFrame(resolve));
					const controls = message.querySelectorAll('button, input, a, video[controls]');
					for (const control of controls) {
						if (!control.checkVisibility({ visibilityProperty: true })) continue;
						const { left, top, width, height } = control.getBoundingClientRect();
						const at = document.elementFromPoint(left + width / 2, top + height / 2);
						// The list was moved by something that came: all is looked at again.
						if (at === null) return undefined;
						if (at !== control && !control.contains(at))
							found.push(`${control.className} by ${at?.className}`);
						// The browser's own controls, along the lower edge.
						const edge =
							control instanceof HTMLVideoElement
								? document.elementFromPoint(left + width / 2, top + height - 20)
								: at;
						if (control instanceof HTMLVideoElement && edge !== control)
							found.push(`controls by ${edge?.className}`);
					}
				}
				const isThere = document.querySelectorAll('.album video').length === 3;
				return isThere && [found.join('; ')];
			},
			[],
			40_000,
		);
		expect(covered).toEqual(['']);
		await alice.tab.screenshot(`test-results/controls-${width}.png`);
	}
});
