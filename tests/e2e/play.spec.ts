import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { BalconyPage } from './balcony-page.ts';
import { waitFor } from './browser/browser.ts';
import { expect, test } from './fixtures.ts';
import { longVideo, sample } from './samples.ts';

test('a picture is verified and shown, and still there after a reload and offline', async ({
	balcony,
	host,
	app,
}) => {
	const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
	const id = await balcony.openLink(photo.uri);
	await balcony.waitState(id, 'verified');
	await balcony.waitPicture(id);
	expect(await balcony.pictureSize(id)).toEqual({ width: 1600, height: 1200 });

	await host.pause();
	await app.pause();
	try {
		await balcony.reload();
		await balcony.waitState(id, 'verified');
		await balcony.waitPicture(id);
	} finally {
		await host.resume();
		await app.resume();
	}
});

test('a video plays while unverified, seeks, and is verified in the end', async ({
	balcony,
	host,
}) => {
	const video = await host.share('evening.mp4', await longVideo(), {}, 16);
	host.shape({ bitsPerSecond: 4e6, delayMs: 20 });
	try {
		const id = await balcony.openLink(video.uri);
		await balcony.play(id);
		expect(await balcony.pictureSize(id)).toEqual({ width: 640, height: 360 });
		expect((await balcony.state(id)).state).toBe('unverified');
		await balcony.seek(id, 50);
		host.shape(undefined);
		await balcony.verify(id);

		host.clearLog();
		await balcony.seek(id, 20);
		expect(host.requests).toEqual([]);
	} finally {
		host.shape(undefined);
	}
});

test('a video whose size comes only after its metadata is shown all the same', async ({
	balcony,
	host,
}) => {
	await balcony.tab.evaluate(() => {
		const { prototype } = HTMLVideoElement;
		const width = Object.getOwnPropertyDescriptor(prototype, 'videoWidth');
		const known = new WeakSet<HTMLVideoElement>();
		const learn = ({ target }: Event) => known.add(target as HTMLVideoElement);
		document.addEventListener('playing', learn, { capture: true });
		Object.defineProperty(prototype, 'videoWidth', {
			get(this: HTMLVideoElement) {
				return known.has(this) ? width?.get?.call(this) : 0;
			},
		});
	});
	const video = await host.share('evening.mp4', await sample('evening.mp4'));
	const id = await balcony.openLink(video.uri);
	await balcony.play(id);
	expect(await balcony.pictureSize(id)).toEqual({ width: 640, height: 360 });
	expect((await balcony.state(id)).unplayable).toBe(false);
});

test('a voice message shows its duration and plays', async ({ balcony, host }) => {
	const voice = await host.share('voice-message.m4a', await sample('voice-message.m4a'));
	const id = await balcony.openLink(voice.uri);
	await balcony.waitState(id, 'verified');
	expect((await balcony.state(id)).kind).toBe('audio');
	await balcony.waitText(id, '0:1');
	await balcony.play(id);
});

test('a text is a card that is saved byte for byte under its name', async ({ balcony, host }) => {
	const text = await host.share('notes für dich.txt', await sample('notes.txt'));
	const id = await balcony.openLink(text.uri);
	await balcony.waitText(id, 'notes für dich.txt');
	await waitFor(
		balcony.tab,
		() => document.querySelector('[data-media-kind=file] [data-testid=save]') !== null,
		[],
	);
	const saved = await balcony.session.saved(() => balcony.press(id, 'save'));
	expect(saved.name).toBe('notes für dich.txt');
	expect(saved.bytes.equals(Buffer.from(text.plaintext))).toBe(true);
	await balcony.waitState(id, 'verified');
	// The sign that photos, sounds and videos have.
	const signs = () => document.querySelectorAll('[data-media-kind=file] .media-state svg').length;
	await expect.poll(() => balcony.tab.evaluate(signs)).toBe(1);
});

test('playback survives the death of the worker', async ({ balcony, host, session }) => {
	test.skip(
		session.killWorker === undefined,
		'Playwright has no way to kill a worker of its own WebKit',
	);
	host.shape({ bitsPerSecond: 3e6, delayMs: 20 });
	try {
		const video = await host.share('evening.mp4', await longVideo());
		const id = await balcony.openLink(video.uri);
		await balcony.play(id, 1);
		await session.killWorker?.(balcony.tab);
		await balcony.seek(id, 20);
		// WebKitGTK has little more than one frame of that place, and takes what breaks off for the end.
		await session.killWorker?.(balcony.tab);
		await balcony.play(id, 21.5);
		host.shape(undefined);
		await balcony.verify(id);
	} finally {
		host.shape(undefined);
	}
});

test('a counter that wraps inside a file is decrypted right', async ({ balcony, host }) => {
	const { cases } = JSON.parse(await readFile('tests/vectors/gcm.json', 'utf8')) as {
		cases: { key: string; iv: string; ct: string; tag: string; pt: string; note?: string }[];
	};
	const wraps = cases.find(({ note }) => note?.includes('wraps'));
	if (wraps === undefined) throw new Error('the vector is gone');
	const url = host.put('/upload/wrap/numbers.dat', Buffer.from(wraps.ct + wraps.tag, 'hex'));
	const id = await balcony.openLink(`aesgcm${url.slice(4)}#${wraps.iv}${wraps.key}`);
	await balcony.waitState(id, 'verified');
	const saved = await balcony.session.saved(() => balcony.press(id, 'save'));
	expect(saved.bytes.toString('hex')).toBe(wraps.pt);
});

test('a picture that Profanity sent is shown', async ({ balcony, host }) => {
	const folder = 'tests/vectors/profanity';
	const sent = JSON.parse(await readFile(`${folder}/profanity-png.json`, 'utf8')) as {
		url: string;
		ciphertext_file: string;
	};
	const url = host.put(
		'/upload/profanity/plain.png',
		await readFile(`${folder}/${sent.ciphertext_file}`),
	);
	const id = await balcony.openLink(
		`aesgcm${url.slice(4)}${sent.url.slice(sent.url.indexOf('#'))}`,
	);
	await balcony.waitState(id, 'verified');
	await balcony.waitPicture(id);
});

test('two tabs at once play the same file, and it is fetched once', async ({
	balcony,
	host,
	session,
	app,
}) => {
	const video = await host.share('evening.mp4', await longVideo());
	const id = await balcony.openLink(video.uri);
	await balcony.play(id);
	const other = new BalconyPage(await session.newTab(), session, app.origin);
	await other.open();
	// It waits for that there: only then is there something to verify.
	await other.play(id);
	await other.verify(id);
	await balcony.waitState(id, 'verified');
	const ranges = host.requests.filter(({ path }) => path === video.path).map(({ range }) => range);
	// Not by what the host has sent: of an answer that was given up, all of it may lie in buffers.
	const starts = ranges.map((range) => Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0));
	expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
});

declare global {
	var thumbnailsSeen: number;
}

test("a sender's thumbnail is shown until the picture is checked, if it is a small one", async ({
	balcony,
	host,
}) => {
	const picture = await sample('balcony.jpg');
	const thumbnail = (width: number) =>
		execFileSync(
			'ffmpeg',
			[
				...['-v', 'error', '-i', 'samples/balcony.jpg', '-vf', `scale=${width}:-1`, '-q:v', '31'],
				...['-frames:v', '1', '-f', 'mjpeg', '-'],
			],
			{ maxBuffer: 2 ** 20 },
		).toString('base64');
	const shown = (id: string) =>
		balcony.tab.evaluate((wanted) => {
			const image = document.querySelector<HTMLImageElement>(
				`[data-media-id="${wanted}"] img.thumbnail`,
			);
			return image?.complete === true ? image.naturalWidth : 0;
		}, id);
	host.shape({ bitsPerSecond: 2e5, delayMs: 10 });
	try {
		const good = await host.share('photo.jpg', picture);
		const id = await balcony.openLink(`${good.uri}\ndata:image/jpeg;base64,${thumbnail(64)}`);
		await expect.poll(() => shown(id)).toBe(64);
		await expect.poll(async () => (await balcony.state(id)).state).toBe('loading');

		// One that is larger is not even loaded, since its few bytes may be many pixels.
		await balcony.tab.evaluate(() => {
			globalThis.thumbnailsSeen = 0;
			new MutationObserver((records) => {
				for (const node of records.flatMap(({ addedNodes }) => [...addedNodes]))
					if (
						node instanceof Element &&
						(node.matches('.thumbnail') || node.querySelector('.thumbnail'))
					)
						globalThis.thumbnailsSeen += 1;
			}).observe(document.body, { childList: true, subtree: true });
		});
		const large = await host.share('photo.jpg', picture);
		const second = await balcony.openLink(`${large.uri}\ndata:image/jpeg;base64,${thumbnail(600)}`);
		await waitFor(
			balcony.tab,
			(wanted) => document.querySelector(`[data-media-id="${wanted}"] .image-figure`) !== null,
			[second],
		);
		expect(await balcony.tab.evaluate(() => globalThis.thumbnailsSeen)).toBe(0);
		host.shape(undefined);
		for (const opened of [id, second]) {
			await balcony.waitPicture(opened);
			expect(await shown(opened)).toBe(0);
		}
	} finally {
		host.shape(undefined);
	}
});
