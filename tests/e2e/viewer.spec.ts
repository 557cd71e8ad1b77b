import type { Tab } from './browser/browser.ts';
import { waitFor } from './browser/browser.ts';
import { acquaint, expect, test } from './chat-fixtures.ts';
import { sample } from './samples.ts';

const shownPictures = (tab: Tab, count: number) =>
	waitFor(
		tab,
		(most) => document.querySelectorAll('.image-figure.shown').length >= most,
		[count],
		40_000,
	);

/** Waits until the viewer stands at a place, with what belongs there. */
const at = (tab: Tab, place: string, what: 'picture' | 'video') =>
	waitFor(
		tab,
		(wanted, kind) => {
			const count = document.querySelector<HTMLElement>('[data-testid=viewer-count]')?.innerText;
			const slide = document.querySelector('.viewer-slide.current');
			const media = slide?.querySelector(kind === 'video' ? 'video' : '.viewer-picture');
			const { top = 0, bottom = 0, height = 0 } = media?.getBoundingClientRect() ?? {};
			const isThere = height > 0 && top >= 0 && bottom <= innerHeight;
			return count === wanted && isThere && (kind === 'video' || slide?.matches('.shown'));
		},
		[place, what] as const,
	);

const isClosed = (tab: Tab) =>
	waitFor(tab, () => document.querySelector('[data-testid=viewer]') === null, []);

/** A finger goes from the middle of the viewer by so many pixels. */
const swipe = (tab: Tab, x: number, y: number) =>
	tab.evaluate(
		(right, down) => {
			const stage = document.querySelector('.viewer-stage');
			const [left, top] = [innerWidth / 2, innerHeight / 2];
			const point = (type: string, part: number) =>
				stage?.dispatchEvent(
					new PointerEvent(type, {
						pointerId: 7,
						bubbles: true,
						buttons: type === 'pointerup' ? 0 : 1,
						clientX: left + right * part,
						clientY: top + down * part,
					}),
				);
			point('pointerdown', 0);
			for (const part of [0.2, 0.4, 0.6, 0.8, 1]) point('pointermove', part);
			point('pointerup', 1);
		},
		x,
		y,
	);

const transform = (tab: Tab) =>
	tab.evaluate(
		() =>
			document.querySelector<HTMLElement>('.viewer-slide.current .viewer-picture')?.style
				.transform ?? '',
	);

test('keys and swipes go through the pictures and videos of a conversation', async ({
	alice,
	bob,
	host,
}) => {
	await acquaint(alice, bob);
	const photo = await sample('balcony.jpg');
	for (const [name, bytes] of [
		['first.jpg', photo],
		['evening.mp4', await sample('evening.mp4')],
		['notes.txt', await sample('notes.txt')],
		['last.jpg', photo],
	] as const) {
		await alice.send((await host.share(name, bytes)).uri);
		await alice.send(`that was ${name}`);
	}
	await bob.message('that was last.jpg');
	// What is far from the eye does not load.
	await waitFor(
		bob.tab,
		() => {
			const first = document.querySelector('.image-figure');
			first?.scrollIntoView({ block: 'center' });
			return first?.classList.contains('shown');
		},
		[],
		40_000,
	);
	await bob.tab.click('.image-figure');
	await at(bob.tab, '1 of 3', 'picture');
	await bob.tab.press('ArrowLeft');
	await bob.tab.press('ArrowRight');
	await at(bob.tab, '2 of 3', 'video');
	const plays = () =>
		bob.tab.evaluate(() => document.querySelector<HTMLVideoElement>('.viewer video')?.paused);
	expect(await plays()).toBe(true);
	await bob.press('viewer-next');
	await at(bob.tab, '3 of 3', 'picture');
	await bob.tab.press('ArrowRight');
	await at(bob.tab, '3 of 3', 'picture');
	expect(
		await bob.tab.evaluate(() => [
			document.querySelectorAll('.viewer video').length,
			document.querySelectorAll('.viewer img').length,
		]),
	).toEqual([0, 1]);
	await swipe(bob.tab, 300, 10);
	await at(bob.tab, '2 of 3', 'video');
	await swipe(bob.tab, 300, 10);
	await at(bob.tab, '1 of 3', 'picture');
	await swipe(bob.tab, 300, 10);
	await at(bob.tab, '1 of 3', 'picture');

	await bob.tab.press('+');
	expect(await transform(bob.tab)).toContain('scale(1.5)');
	await swipe(bob.tab, 9000, 0);
	const [, x = ''] = /translate\((.+)px,/.exec(await transform(bob.tab)) ?? [];
	expect(Number(x)).toBeGreaterThan(0);
	expect(Number(x)).toBeLessThan(2000);
	await bob.tab.press('0');
	expect(await transform(bob.tab)).toContain('scale(1)');
	await at(bob.tab, '1 of 3', 'picture');

	await bob.tab.press('Escape');
	await isClosed(bob.tab);
	const isBack = () =>
		waitFor(
			bob.tab,
			() =>
				document.activeElement === document.querySelector('.image-figure') &&
				document.querySelector('[data-testid=conversation-page]') !== null &&
				String((history.state as { steps?: string[] } | null)?.steps) === 'conversation',
			[],
		);
	await isBack();
	for (const close of [
		() => bob.tab.evaluate(() => history.back()),
		() => swipe(bob.tab, 0, 400),
		() => bob.press('viewer-close'),
	]) {
		await bob.tab.click('.image-figure');
		await at(bob.tab, '1 of 3', 'picture');
		await close();
		await isClosed(bob.tab);
		await isBack();
	}
	await bob.tab.evaluate(() => history.back());
	await waitFor(
		bob.tab,
		() => document.querySelector('[data-testid=conversation-page]') === null,
		[],
	);
});

test('a video that is opened full screen plays there, and stops when it is left', async ({
	alice,
	bob,
	host,
}) => {
	await acquaint(alice, bob);
	await alice.send((await host.share('evening.mp4', await sample('evening.mp4'))).uri);
	await alice.send((await host.share('balcony.jpg', await sample('balcony.jpg'))).uri);
	await shownPictures(bob.tab, 1);
	await bob.press('view');
	await at(bob.tab, '1 of 2', 'video');
	await waitFor(
		bob.tab,
		() => (document.querySelector<HTMLVideoElement>('.viewer video')?.currentTime ?? 0) > 0,
		[],
	);
	await bob.tab.press('ArrowRight');
	await at(bob.tab, '2 of 2', 'picture');
	await bob.tab.press('ArrowLeft');
	await at(bob.tab, '1 of 2', 'video');
	expect(
		await bob.tab.evaluate(() =>
			[...document.querySelectorAll('video')].every(({ paused }) => paused),
		),
	).toBe(true);
});

test('what the conversation would not load by itself waits in the viewer, too', async ({
	alice,
	bob,
	host,
}) => {
	await acquaint(alice, bob);
	await bob.limitLoading(0);
	await bob.openConversation(alice.jid);
	const photo = await sample('balcony.jpg');
	const first = await host.share('first.jpg', photo);
	const second = await host.share('second.jpg', photo);
	await alice.send(first.uri);
	await alice.send(second.uri);
	await waitFor(
		bob.tab,
		() => document.querySelectorAll('[data-testid=load-file]').length === 2,
		[],
		40_000,
	);
	await shownPictures(alice.tab, 2);
	const asked = (path: string) => host.requests.filter((request) => request.path === path).length;
	const before = asked(second.path);
	await bob.press('load-file');
	await shownPictures(bob.tab, 1);
	await bob.tab.click('.image-figure');
	await at(bob.tab, '1 of 2', 'picture');
	await bob.tab.press('ArrowRight');
	await bob.see('viewer-act');
	expect(asked(second.path)).toBe(before);
	await bob.tab.click('.viewer-slide.current [data-testid=viewer-act]');
	await at(bob.tab, '2 of 2', 'picture');
	expect(asked(second.path)).toBeGreaterThan(before);
});

test('what was shared with a contact is found in one place, and from there in the conversation', async ({
	alice,
	bob,
	host,
}) => {
	await acquaint(alice, bob);
	await bob.press('details');
	await bob.press('open-media');
	await bob.see('media-none');
	await bob.tab.press('Escape');
	await bob.see('open-media');
	await bob.closeDialog();
	for (const name of ['balcony.jpg', 'evening.mp4', 'voice-message.m4a', 'notes.txt'])
		await alice.send((await host.share(name, await sample(name))).uri);
	await shownPictures(bob.tab, 1);
	await bob.press('details');
	await bob.press('open-media');
	await waitFor(
		bob.tab,
		() =>
			document.querySelectorAll('[data-testid=media-tile]').length === 2 &&
			document.querySelector<HTMLImageElement>('.media-tile img')?.complete === true,
		[],
	);
	// A video is seen, and how long it is.
	await waitFor(
		bob.tab,
		() =>
			(document.querySelector<HTMLVideoElement>('.media-tile video')?.videoWidth ?? 0) > 0 &&
			document.querySelector('.media-length')?.textContent?.trim() === '1:00',
		[],
	);
	await bob.tab.screenshot('test-results/media-tiles.png');
	// The newest comes first.
	await bob.tab.click('.media-tile:last-child button');
	await at(bob.tab, '1 of 2', 'picture');
	await bob.tab.press('Escape');
	await isClosed(bob.tab);
	await bob.see('contact-media');
	await waitFor(
		bob.tab,
		() => document.activeElement?.matches('.media-tile:last-child button') === true,
		[],
	);
	await bob.press('media-file');
	await waitFor(
		bob.tab,
		() => document.querySelector<HTMLElement>('.media-list')?.innerText.includes('notes.txt'),
		[],
	);
	await bob.press('media-voice');
	await waitFor(bob.tab, () => document.querySelector('.media-list .voice-figure') !== null, []);
	await bob.press('show-message');
	await waitFor(
		bob.tab,
		() =>
			document.querySelector('dialog') === null &&
			document.querySelector('.jumped-to .voice-figure') !== null,
		[],
	);
});

test('a file that was removed from this device comes back when it is asked for, and not before', async ({
	alice,
	bob,
	host,
}) => {
	await acquaint(alice, bob);
	await alice.send((await host.share('balcony.jpg', await sample('balcony.jpg'))).uri);
	await shownPictures(bob.tab, 1);
	await bob.act('balcony.jpg', 'remove-file');
	await bob.see('load-file');
	await bob.tab.reload();
	await bob.openConversation(alice.jid);
	await bob.press('load-file');
	await shownPictures(bob.tab, 1);
	await bob.tab.click('.image-figure');
	await at(bob.tab, '1 of 1', 'picture');
	await bob.press('viewer-remove');
	// There is no other one.
	await isClosed(bob.tab);
	await bob.press('load-file');
	await shownPictures(bob.tab, 1);
});

/** How many files are kept, as the next start of the browser would find them. */
const kept = (tab: Tab) =>
	tab.evaluate(async () => {
		const open = indexedDB.open('balcony');
		await new Promise((resolve) => {
			open.onsuccess = resolve;
		});
		const count = open.result.transaction('media').objectStore('media').count();
		await new Promise((resolve) => {
			count.onsuccess = resolve;
		});
		open.result.close();
		return count.result;
	});

test('what is removed in the viewer can be brought back for a while, and leaves a line', async ({
	alice,
	bob,
	host,
}) => {
	await acquaint(alice, bob);
	const photo = await sample('balcony.jpg');
	await bob.send((await host.share('0b7c8a5251a44b0e9a540c6b6d0a9c11.jpg', photo)).uri);
	await bob.send('then');
	await bob.send((await host.share('second.jpg', photo)).uri);
	await shownPictures(alice.tab, 2);
	expect(await kept(alice.tab)).toBe(2);
	host.clearLog();
	await alice.tab.evaluate(() => document.querySelector('.message')?.scrollIntoView());
	await alice.tab.click('.image-figure');
	await at(alice.tab, '1 of 2', 'picture');
	await alice.press('viewer-remove');
	await at(alice.tab, '1 of 1', 'picture');
	expect(
		await alice.tab.evaluate(
			() => document.querySelector<HTMLElement>('.viewer .removal-note')?.innerText,
		),
	).toContain('Removed from this device');
	await alice.tab.screenshot('test-results/removed-viewer.png');
	await alice.tab.click('.viewer [data-testid=undo]');
	await at(alice.tab, '1 of 2', 'picture');
	for (const _ of ['first', 'second']) await alice.press('viewer-remove');
	await isClosed(alice.tab);
	// The line is quiet, and the focus is where one goes on.
	const lines = await alice.tab.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>('[data-testid=file-removed]')].map(
			({ innerText, clientHeight }) => [innerText.replace(/\s+/g, ' ').trim(), clientHeight < 80],
		),
	);
	expect(lines).toEqual([
		['Photo removed from this device Download again', true],
		['second.jpg removed from this device Download again', true],
	]);
	await waitFor(
		alice.tab,
		() => document.querySelector('.conversation')?.contains(document.activeElement),
		[],
	);
	await alice.tab.screenshot('test-results/removed-chat.png');
	// A browser that dies now has both.
	expect(await kept(alice.tab)).toBe(2);
	await alice.press('undo');
	await shownPictures(alice.tab, 2);
	expect(host.requests).toEqual([]);
	await alice.act('second.jpg', 'remove-file');
	await alice.see('file-removed');
	// Who leaves the page means it.
	await alice.tab.reload();
	await alice.openConversation(bob.jid);
	await alice.see('file-removed');
	await shownPictures(alice.tab, 1);
	await alice.press('load-file');
	await shownPictures(alice.tab, 2);
});
