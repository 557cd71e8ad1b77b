import { gzipSync } from 'node:zlib';
import type { HostBehaviour } from '../../tools/upload-host.ts';
import { waitFor } from './browser/browser.ts';
import { expect, test } from './fixtures.ts';
import { longVideo, sample } from './samples.ts';

const REFUSALS: readonly [string, HostBehaviour, string, string][] = [
	['404', { status: 404 }, 'expired', 'no longer has this file'],
	['410', { status: 410 }, 'expired', 'no longer has this file'],
	['403', { status: 403 }, 'failed', "doesn't allow access"],
	['429 for long', { status: 429, retryAfter: 600, expose: true }, 'failed', '10 minutes'],
	['500', { status: 500 }, 'failed', 'error (500)'],
	['no CORS', { cors: false }, 'failed', "doesn't let web apps"],
	[
		'a redirect to another scheme or host',
		{ redirect: 'http://127.0.0.2:9/x' },
		'failed',
		'redirects to',
	],
	['5 GB', { contentLength: 5e9, contentRange: 'absent' }, 'failed', 'server'],
	['too short', { contentLength: 'right' }, 'failed', 'too short'],
];

for (const [what, behaviour, state, text] of REFUSALS)
	test(`a host that answers ${what} is explained`, async ({ balcony, host }) => {
		const photo = await host.share('photo.jpg', await sample('balcony.jpg'), behaviour);
		if (what === 'too short') host.replace(photo.path, new Uint8Array(9));
		const id = await balcony.openLink(photo.uri);
		await balcony.waitState(id, state);
		await balcony.waitText(id, text);
	});

const MANNERS: readonly [string, HostBehaviour][] = [
	['ignores Range', { ranges: 'ignored' }],
	['is Prosody 0.12', { ranges: 'prosody', contentRange: 'right' }],
	['hides Content-Range', { contentRange: 'absent' }],
	['counts Content-Range wrongly', { contentRange: 'wrong', expose: true }],
	['tells no length', { contentLength: 'absent', ranges: 'ignored' }],
	['zips', { gzip: 'asked', ranges: 'ignored' }],
	['zips whatever was asked', { gzip: 'always', ranges: 'ignored' }],
	['zips parts, too', { gzip: 'always' }],
	['cuts three answers', { cutAfter: [70_000, 900_000, 1_000_000] }],
	['is busy for a moment', { status: 503, times: 2 }],
	['says it is a page', { contentType: 'text/html' }],
];

for (const [what, behaviour] of MANNERS)
	test(`a video plays, seeks and is verified from a host that ${what}`, async ({
		balcony,
		host,
	}) => {
		const video = await host.share('evening.mp4', await longVideo(), structuredClone(behaviour));
		const id = await balcony.openLink(video.uri);
		await balcony.play(id);
		await balcony.seek(id, 45);
		await balcony.verify(id);
	});

test('a file that is swapped while it plays is noticed', async ({ balcony, host }) => {
	const video = await host.share('evening.mp4', await longVideo());
	host.shape({ bitsPerSecond: 6e6, delayMs: 10 });
	try {
		const id = await balcony.openLink(video.uri);
		await balcony.play(id);
		host.replace(video.path, gzipSync(await sample('evening.mp4')));
		for (const at of [20, 40]) await seekAnyway(balcony, id, at);
		host.shape(undefined);
		await balcony.tab.evaluate((wanted) => {
			const button = `[data-media-id="${wanted}"] [data-testid=verify]`;
			document.querySelector<HTMLElement>(button)?.click();
		}, id);
		// Either its other size is seen, or its other bytes; or the first file had come whole before the swap.
		const state = await balcony.waitState(id, 'tampered', 'failed', 'verified');
		if (state === 'verified') expect(host.requests.at(-1)?.sent).toBeGreaterThan(3_000_000);
	} finally {
		host.shape(undefined);
	}
});

test('a video of which altered bytes were played is never verified', async ({ balcony, host }) => {
	const etag = { etag: '"1"', expose: true };
	const altered = { ...etag, corrupt: { at: 300_000 } };
	const video = await host.share('evening.mp4', await longVideo(), altered);
	const id = await balcony.openLink(video.uri);
	await balcony.waitState(id, 'idle', 'unverified');
	const read = await balcony.tab.evaluate(async (wanted) => {
		const range = { Range: 'bytes=0-400000' };
		const response = await fetch(`/media/${wanted}/media.mp4`, { headers: range });
		return (await response.arrayBuffer()).byteLength;
	}, id);
	expect(read).toBe(400_001);
	// The true file from now on, under another ETag, to another worker's eyes.
	host.behave(video.path, { ...etag, etag: '"2"' });
	await balcony.reload();
	// It may be found out before anybody asks.
	await waitFor(
		balcony.tab,
		(wanted) => {
			const item = `[data-media-id="${wanted}"]`;
			const press = `${item} :is([data-testid=play], [data-testid=verify])`;
			document.querySelector<HTMLElement>(press)?.click();
			return document.querySelector(`${item} [data-media-state=tampered]`) !== null;
		},
		[id],
	);
	await balcony.press(id, 'retry');
	await balcony.waitText(id, 'were played');
	await balcony.waitState(id, 'tampered');
});

test('private hosts are refused before anything is sent', async ({ balcony }) => {
	const secret = '0'.repeat(88);
	const id = await balcony.openLink(`aesgcm://192.168.1.1/photo.jpg#${secret}`);
	await balcony.waitState(id, 'blocked');
	await balcony.waitText(id, 'private network');
});

function seekAnyway(
	balcony: { tab: import('./browser/browser.ts').Tab },
	id: string,
	time: number,
): Promise<void> {
	return balcony.tab.evaluate(
		(wanted, to) => {
			const video = document.querySelector<HTMLVideoElement>(`[data-media-id="${wanted}"] video`);
			if (video) video.currentTime = to;
		},
		id,
		time,
	);
}
