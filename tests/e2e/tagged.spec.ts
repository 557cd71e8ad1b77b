import { expect, test } from './fixtures.ts';
import { longVideo, sample } from './samples.ts';
import { shareTagged } from './share-tagged.ts';

test('a video with tags is verified from its first picture on, wherever it is played', async ({
	balcony,
	host,
}) => {
	const video = await shareTagged(host, await longVideo());
	host.shape({ bitsPerSecond: 4e6, delayMs: 20 });
	host.clearLog();
	const sent = () => host.requests.reduce((sum, request) => sum + request.sent, 0);
	try {
		const id = await balcony.openLink(video.uri);
		await balcony.play(id);
		expect(await balcony.pictureSize(id)).toEqual({ width: 640, height: 360 });
		expect((await balcony.state(id)).state).toBe('verified');
		expect(sent()).toBeLessThan(video.plain.length);
		await balcony.seek(id, 50);
		expect((await balcony.state(id)).state).toBe('verified');
		expect(sent()).toBeLessThan(video.plain.length);
		host.shape(undefined);
		// It goes on where it stood: all that is behind 50 s is not here.
		await balcony.seek(id, 1);
		await balcony.tab.evaluate(() => document.querySelector('video')?.pause());

		// A worker that begins anew finds the table in what is kept, and a host that is gone is not asked for it.
		await host.pause();
		await balcony.reload();
		await balcony.play(id);
		expect((await balcony.state(id)).state).toBe('verified');
		await host.resume();
		const saved = await balcony.session.saved(() => balcony.press(id, 'save'));
		expect(saved.bytes.equals(video.plain)).toBe(true);
	} finally {
		host.shape(undefined);
	}
});

test('a video with tags that is altered further on plays at first, is shown as altered, and plays after a retry', async ({
	balcony,
	host,
}) => {
	const { length } = await sample('evening.mp4');
	const bytes = await longVideo();
	// 50 of 60 seconds.
	const at = Math.floor(length * 0.85);
	const video = await shareTagged(host, bytes, { corrupt: { at } });
	// Slow: players read ahead.
	host.shape({ bitsPerSecond: 1e6, delayMs: 20 });
	try {
		const id = await balcony.openLink(video.uri);
		await balcony.play(id);
		// A busy page hears of it a moment after it plays.
		await balcony.waitState(id, 'verified');
		host.shape(undefined);
		await balcony.tab.evaluate(() => {
			for (const video of document.querySelectorAll('video')) video.currentTime = 50;
		});
		await balcony.waitState(id, 'tampered');
		await expect.poll(() => balcony.pictureSize(id)).toBeNull();
		host.behave(video.path, {});
		await balcony.press(id, 'retry');
		await balcony.waitState(id, 'verified');
		await balcony.play(id);
	} finally {
		host.shape(undefined);
	}
});
