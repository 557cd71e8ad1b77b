import { oggOpusSamples } from '../../src/core/formats/sound/ogg-opus.ts';
import { crowdedAac } from '../sounds/crowded-aac.ts';
import type { BalconyPage } from './balcony-page.ts';
import { type Tab, waitFor } from './browser/browser.ts';
import { test as base, expect, openEngine } from './fixtures.ts';
import { sample } from './samples.ts';
import { sound } from './sounds.ts';
import { type RecorderSite, startRecorderSite } from './voice/recorder-site.ts';

const test = base.extend<object, { site: RecorderSite }>({
	site: [
		// Playwright reads a fixture's needs from this pattern, and wants one.
		async ({ browserName: _ }, use) => {
			const site = await startRecorderSite();
			await use(site);
			await site.close();
		},
		{ scope: 'worker' },
	],
});

/** What a voice message's figure shows. */
const shown = (tab: Tab, id: string) =>
	tab.evaluate((wanted) => {
		const item = document.querySelector(`[data-media-id="${wanted}"]`);
		const audio = item?.querySelector('audio');
		const slider = item?.querySelector<HTMLInputElement>('input[type=range]');
		return {
			position: audio?.currentTime ?? -1,
			rate: audio?.playbackRate ?? 0,
			paused: audio?.paused ?? true,
			value: slider?.valueAsNumber ?? -1,
			spoken: slider?.getAttribute('aria-valuetext') ?? '',
			time: item?.querySelector<HTMLElement>('.voice-time')?.innerText ?? '',
			speed: item?.querySelector<HTMLElement>('.voice-speed')?.innerText ?? '',
			bars: new Set(
				item
					?.querySelector('.waveform path')
					?.getAttribute('d')
					?.match(/v[\d.]+/g),
			).size,
			height: item?.querySelector('.voice-figure')?.getBoundingClientRect().height ?? 0,
		};
	}, id);

const waitKnown = (balcony: BalconyPage, id: string) =>
	waitFor(
		balcony.tab,
		(wanted) =>
			document.querySelector<HTMLInputElement>(`[data-media-id="${wanted}"] input[type=range]`)
				?.disabled === false,
		[id],
	);
const waitDrawn = (balcony: BalconyPage, id: string) =>
	waitFor(
		balcony.tab,
		(wanted) =>
			(document
				.querySelector(`[data-media-id="${wanted}"] .waveform path`)
				?.getAttribute('d')
				?.match(/v2(?!\d)/g)?.length ?? 48) < 40,
		[id],
	);
const waitPaused = (tab: Tab, id: string, paused: boolean) =>
	waitFor(
		tab,
		(wanted, state) =>
			document.querySelector<HTMLAudioElement>(`[data-media-id="${wanted}"] audio`)?.paused ===
			state,
		[id, paused] as const,
	);
const focusOn = (tab: Tab, selector: string) =>
	tab.evaluate((wanted) => document.querySelector<HTMLElement>(wanted)?.focus(), selector);

test('a voice message is drawn, plays, and is sought in with keys', async ({ balcony, host }) => {
	const { tab } = balcony;
	const voice = await host.share('voice-message.m4a', await sample('voice-message.m4a'));
	const id = await balcony.openLink(voice.uri);
	const { height } = await shown(tab, id);
	await balcony.waitState(id, 'verified');
	await waitKnown(balcony, id);
	await waitDrawn(balcony, id);
	const before = await shown(tab, id);
	expect(before.bars).toBeGreaterThan(10);
	expect(before.height).toBe(height);
	expect(before.time.trim().replace(/\s+/g, ' ')).toMatch(/^0:00 0:1\d$/);

	await focusOn(tab, `[data-media-id="${id}"] [data-testid=voice-position]`);
	await tab.press('ArrowRight');
	await tab.press('ArrowRight');
	await tab.press('ArrowLeft');
	// On the way to 10 and back the element is at 5, too.
	await waitFor(
		tab,
		(wanted) => {
			const figure = document.querySelector(`[data-media-id="${wanted}"]`);
			const audio = figure?.querySelector('audio');
			const slider = figure?.querySelector<HTMLInputElement>('[data-testid=voice-position]');
			return audio?.currentTime === 5 && !audio.seeking && slider?.valueAsNumber === 5;
		},
		[id],
	);
	const { spoken } = await shown(tab, id);
	expect(spoken).toMatch(/^5 seconds of 1\d seconds$/);

	await balcony.press(id, 'voice-play');
	await balcony.waitTime(id, 5.2);
	// The button has the focus where a press gives it.
	await focusOn(tab, `[data-media-id="${id}"] [data-testid=voice-position]`);
	await tab.press('End');
	await waitPaused(tab, id, true);
});

test('the speed is that of all voice messages, also after a reload', async ({ balcony, host }) => {
	const { tab } = balcony;
	const bytes = await sample('voice-message.m4a');
	const first = await balcony.openLink((await host.share('one.m4a', bytes)).uri);
	await balcony.waitState(first, 'verified');
	await balcony.press(first, 'voice-speed');
	const second = await balcony.openLink((await host.share('two.m4a', bytes)).uri);
	await balcony.waitState(second, 'verified');
	for (const id of [first, second])
		expect(await shown(tab, id)).toMatchObject({ rate: 1.5, speed: '1.5×' });
	await balcony.reload();
	await waitKnown(balcony, first);
	expect(await shown(tab, first)).toMatchObject({ rate: 1.5, speed: '1.5×' });
});

test('one plays at a time', async ({ balcony, host }) => {
	const { tab } = balcony;
	// Longer than anything here is waited for.
	const bytes = sound('long.m4a', 90, '-c:a', 'aac', '-b:a', '32k');
	const ids: string[] = [];
	for (const name of ['one.m4a', 'two.m4a']) {
		const id = await balcony.openLink((await host.share(name, bytes)).uri);
		await balcony.waitState(id, 'verified');
		await waitKnown(balcony, id);
		ids.push(id);
	}
	const [first = '', second = ''] = ids;
	await balcony.press(first, 'voice-play');
	await waitPaused(tab, first, false);
	await balcony.press(second, 'voice-play');
	await waitPaused(tab, second, false);
	await waitPaused(tab, first, true);
});

test('a long one goes on where it was left, a short one begins anew', async ({ balcony, host }) => {
	const { tab } = balcony;
	const long = sound('long.m4a', 90, '-c:a', 'aac', '-b:a', '32k');
	const ids: string[] = [];
	for (const [name, bytes] of [
		['long.m4a', long],
		['short.m4a', await sample('voice-message.m4a')],
	] as const) {
		const id = await balcony.openLink((await host.share(name, bytes)).uri);
		await balcony.waitState(id, 'verified');
		await waitKnown(balcony, id);
		await focusOn(tab, `[data-media-id="${id}"] [data-testid=voice-position]`);
		await tab.press('ArrowRight');
		await waitFor(
			tab,
			(wanted) =>
				document.querySelector<HTMLAudioElement>(`[data-media-id="${wanted}"] audio`)
					?.currentTime === 5,
			[id],
		);
		ids.push(id);
	}
	const [first = '', second = ''] = ids;
	await balcony.reload();
	for (const id of ids) await waitKnown(balcony, id);
	expect(await shown(tab, first)).toMatchObject({ position: 5, value: 5 });
	expect(await shown(tab, second)).toMatchObject({ position: 0, value: 0 });
});

test('a recording that does not know its own duration shows it', async ({
	balcony,
	host,
	session,
}) => {
	// As Chromium's recorder writes it.
	const live = sound('live.webm', 7, '-c:a', 'libopus', '-f', 'webm', '-live', '1');
	const { uri } = await host.share('voice-message.webm', live);
	const id = await balcony.openLink(uri);
	await balcony.waitState(id, 'verified');
	await waitKnown(balcony, id);
	await balcony.waitText(id, '0:07');
	await waitFor(balcony.tab, () => document.querySelector('audio')?.currentTime === 0, []);
	await balcony.play(id, 1);
	expect((await shown(balcony.tab, id)).time).toContain('0:07');
	if (session.engine === 'webkit') return;
	// WebKit seeks only in what it has heard of such a file.
	await balcony.seek(id, 5);
	await balcony.play(id, 5.2);
});

test('what our own recorder sends is drawn and sought in', async ({ balcony, host }) => {
	const ogg = sound('voice.ogg', 7, '-c:a', 'libopus', '-b:a', '32k');
	const id = await balcony.openLink((await host.share('voice-message.ogg', ogg)).uri);
	await balcony.waitState(id, 'verified');
	expect((await balcony.state(id)).kind).toBe('audio');
	await waitKnown(balcony, id);
	await balcony.waitText(id, '0:07');
	await balcony.seek(id, 4);
	await balcony.play(id, 4.2);
});

test('what may decode to more than there is room for is not drawn, and plays', async ({
	balcony,
	host,
}) => {
	const flac = sound('calm.flac', 4, '-c:a', 'flac');
	const tagged = Buffer.concat([Buffer.from('ID3\x03\0\0\0\0\0\x04\0\0\0\0'), flac]);
	for (const [name, bytes] of [
		['calm.flac', flac],
		['voice.mp3', tagged],
	] as const) {
		const id = await balcony.openLink((await host.share(name, bytes)).uri);
		await balcony.waitState(id, 'verified');
		await waitKnown(balcony, id);
		await balcony.play(id);
		expect((await shown(balcony.tab, id)).bars).toBe(1);
	}
});

test('what decodes to more than it says is stopped after ten minutes, and plays', async ({
	balcony,
	host,
}) => {
	await balcony.tab.evaluate(() => {
		const { prototype } = OfflineAudioContext;
		const decode = prototype.decodeAudioData;
		globalThis.decodedSeconds = [];
		prototype.decodeAudioData = async function (...given) {
			const sound = await decode.apply(this, given);
			globalThis.decodedSeconds.push(sound.duration);
			return sound;
		};
	});
	const decoded = () => balcony.tab.evaluate(() => globalThis.decodedSeconds);
	const m4a = sound('long.m4a', 40, '-c:a', 'aac', '-b:a', '64k');
	const honest = await balcony.openLink((await host.share('long.m4a', m4a)).uri);
	await balcony.waitState(honest, 'verified');
	await waitFor(
		balcony.tab,
		(id) => document.querySelector(`[data-media-id="${id}"] .waveform path`) !== null,
		[honest],
	);
	await waitKnown(balcony, honest);
	await expect.poll(async () => (await decoded()).length).toBeGreaterThan(3);
	await expect.poll(async () => Math.round(sumOf(await decoded()))).toBe(40);
	await balcony.waitText(honest, '0:40');

	const crowded = await host.share('calm.m4a', crowdedAac(m4a, 100, 1500));
	const id = await balcony.openLink(crowded.uri);
	await balcony.waitState(id, 'verified');
	await expect.poll(async () => sumOf(await decoded())).toBeGreaterThan(40 + 600);
	await balcony.play(id);
	expect(sumOf(await decoded())).toBeLessThan(40 + 600 + 220);
	expect(Math.max(...(await decoded()))).toBeLessThan(220);
});

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

const step = (tab: Tab, wanted: string) =>
	waitFor(tab, (name) => document.querySelector(`[data-step=${name}]`) !== null, [wanted]);
const closed = (tab: Tab) =>
	waitFor(tab, () => document.querySelector('[data-testid=voice-recorder]') === null, []);

test('a microphone that there is not, or that may not be used, is explained', async ({
	site,
}, info) => {
	const isChromium = info.project.name === 'chromium';
	const session = await openEngine(info.project.name, isChromium ? { microphone: 'denied' } : {});
	try {
		const tab = await session.newTab();
		await tab.goto(site.origin);
		await tab.click('[data-testid=record-voice]');
		await step(tab, 'failed');
		const problem = await tab.evaluate(
			() => document.querySelector<HTMLElement>('[data-testid=voice-note]')?.innerText,
		);
		expect(problem).toContain(isChromium ? 'Allow it in' : 'No microphone was found');
		expect(await tab.evaluate(() => document.querySelector('[data-testid=composer]'))).toBeNull();
		await tab.press('Escape');
		await closed(tab);
		expect(
			await tab.evaluate(() => [
				globalThis.escapes,
				document.activeElement?.getAttribute('data-testid'),
			]),
		).toEqual([0, 'record-voice']);
	} finally {
		await session.close();
	}
});

test('a voice message is recorded, heard and sent, or thrown away', async ({ site }, info) => {
	test.skip(info.project.name !== 'chromium', 'WebKitGTK has no microphone to give');
	const session = await openEngine('chromium', { microphone: 'allowed' });
	try {
		const tab = await session.newTab();
		await tab.goto(site.origin);
		const elapsed = (seconds: number) =>
			waitFor(
				tab,
				(least) => Number(document.querySelector('.voice-clock')?.textContent?.slice(2)) >= least,
				[seconds],
			);

		// Tapped: it goes on until it is stopped, and is thrown away by a key.
		await tab.click('[data-testid=record-voice]');
		await step(tab, 'recording');
		await elapsed(1);
		await tab.press('Escape');
		await closed(tab);

		// Held and slid away.
		const button = '[data-testid=record-voice]';
		await tab.mouse('down', button);
		await step(tab, 'recording');
		await tab.mouse('move', button, -150);
		await waitFor(tab, () => document.body.innerText.includes('Release to delete'), []);
		await tab.mouse('up', button, -150);
		await closed(tab);

		// Held and let go: it can be heard before it is sent.
		await tab.mouse('down', button);
		await step(tab, 'recording');
		await elapsed(2);
		await tab.mouse('up', button);
		await step(tab, 'review');
		await waitFor(
			tab,
			() => document.querySelector<HTMLInputElement>('input[type=range]')?.disabled === false,
			[],
		);
		expect(await tab.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(
			'send-voice',
		);
		await tab.click('[data-testid=voice-play]');
		await waitFor(tab, () => (document.querySelector('audio')?.currentTime ?? 0) > 0.5, []);
		await tab.click('[data-testid=send-voice]');
		const sent = await waitFor(tab, () => globalThis.sentVoice, []);
		await closed(tab);
		expect(sent?.name).toMatch(/^voice-message-\d{4}(?:-\d\d){4}\.ogg$/);
		expect(sent?.type).toBe('audio/ogg');
		const seconds = oggOpusSamples(Uint8Array.from(sent?.bytes ?? [])) / 48_000;
		expect(seconds).toBeGreaterThan(1.5);
		expect(seconds).toBeLessThan(30);
		expect(await tab.evaluate(() => globalThis.escapes)).toBe(0);
	} finally {
		await session.close();
	}
});

test('a recording ends where the microphone does, and keeps what there is', async ({
	site,
}, info) => {
	test.skip(info.project.name !== 'chromium', 'WebKitGTK has no microphone to give');
	const session = await openEngine('chromium', { microphone: 'allowed' });
	try {
		const tab = await session.newTab();
		await tab.goto(site.origin);
		// Only this end is not ours: nobody can pull out a plug here.
		await tab.evaluate(() => {
			const { mediaDevices } = navigator;
			const ask = mediaDevices.getUserMedia.bind(mediaDevices);
			mediaDevices.getUserMedia = async (wanted) => {
				const stream = await ask(wanted);
				globalThis.microphone = stream;
				return stream;
			};
		});
		await focusOn(tab, '[data-testid=record-voice]');
		await tab.press('Enter');
		await step(tab, 'recording');
		await waitFor(
			tab,
			() => (document.querySelector('.voice-clock')?.textContent ?? '') >= '0:01',
			[],
		);
		await tab.evaluate(() => {
			const [track] = globalThis.microphone?.getTracks() ?? [];
			track?.stop();
			track?.dispatchEvent(new Event('ended'));
		});
		await step(tab, 'review');
		const why = await tab.evaluate(
			() => document.querySelector<HTMLElement>('.voice-why')?.innerText,
		);
		expect(why).toContain('the microphone was disconnected');
		await tab.click('[data-testid=discard-voice]');
		await closed(tab);
	} finally {
		await session.close();
	}
});

declare global {
	var microphone: MediaStream | undefined;
	var decodedSeconds: number[];
}
