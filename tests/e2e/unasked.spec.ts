import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Person } from '../interop/person.ts';
import { eachOrFirst } from '../what-runs.ts';
import { waitFor } from './browser/browser.ts';
import { acquaint, expect, PASSWORD, test } from './chat-fixtures.ts';
import { longVideo } from './samples.ts';

/** Bytes that may come of a video before anybody asks for it: its index, and what a first picture needs. */
const MOST = 1.5 * 2 ** 20;
/** The same of a server that sends all or nothing: WebKit reads on for a moment before it hears that it is enough. */
const MOST_UNRANGED = 2.5 * 2 ** 20;
/** The same of one that is larger than may be downloaded automatically: all that is to be known is how large it is. */
const MOST_MEASURED = 2 ** 19;
/** Slow: what counts is what was asked for, not what comes in while a busy machine has yet to say that it is enough. */
const LINE = { bitsPerSecond: 5e6, delayMs: 20 };

/** Videos of 6 MB that differ in where their index lies, or whether they have one. */
function videos(): Record<string, Buffer> {
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-videos-'));
	const at = (name: string) => path.join(folder, name);
	const run = (...words: string[]) => execFileSync('ffmpeg', ['-v', 'error', ...words]);
	const noise = 'testsrc2=s=320x180:r=25:d=10,noise=alls=60:allf=t';
	const rate = ['-b:v', '5M', '-maxrate', '5M', '-bufsize', '5M'];
	try {
		const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
		run('-f', 'lavfi', '-i', noise, ...h264, ...rate, at('end.mp4'));
		const copy = (from: string, to: string, ...words: string[]) =>
			run('-i', at(from), '-c', 'copy', ...words, at(to));
		copy('end.mp4', 'front.mp4', '-movflags', '+faststart');
		copy('end.mp4', 'parts.mp4', '-movflags', 'frag_keyframe+empty_moov+default_base_moof');
		const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '16', '-g', '25'];
		run('-f', 'lavfi', '-i', noise, ...vp8, ...rate, '-minrate', '5M', at('cues.webm'));
		copy('cues.webm', 'live.webm', '-live', '1');
		const names = ['front.mp4', 'end.mp4', 'parts.mp4', 'cues.webm', 'live.webm'];
		return Object.fromEntries(names.map((name) => [name, readFileSync(at(name))]));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

test('of a video nobody asked for, no more comes than is needed to show what it is', async ({
	alice,
	bob,
	server,
	host,
}) => {
	test.setTimeout(240_000);
	await acquaint(alice, bob);
	const sender = await new Person(server, bob.jid.split('@')[0] ?? '', PASSWORD).signIn();
	await bob.tab.close();
	try {
		for (const [name, bytes] of Object.entries(videos()))
			for (const ranges of eachOrFirst(['full', 'prosody', 'ignored'] as const)) {
				host.clearLog();
				host.shape(LINE);
				const file = await host.share(name, bytes, { ranges });
				await sender.messenger.messages.send(alice.jid, file.uri);
				await sender.messenger.messages.send(alice.jid, `${name} ${ranges}`);
				await alice.message(`${name} ${ranges}`);
				const requests = () => host.requests.filter((request) => request.path === file.path);
				const knows = (least: number) =>
					waitFor(
						alice.tab,
						(wanted) => {
							const videos = document.querySelectorAll<HTMLVideoElement>('.messages video');
							return (videos[videos.length - 1]?.readyState ?? 0) >= wanted;
						},
						[least],
						30_000,
					);
				// Its index is (also) at the end, and the server sends all of it or nothing: it is shown once it is asked for.
				const isFar = ranges === 'ignored' && !['front.mp4', 'live.webm'].includes(name);
				if (!isFar) await knows(1);
				await expect.poll(() => requests().length).toBeGreaterThan(0);
				await expect
					.poll(() => requests().some(({ open }) => open), { timeout: 15_000 })
					.toBe(false);
				expect
					.soft(
						requests().reduce((sum, { sent }) => sum + sent, 0),
						`${name} ${ranges}`,
					)
					.toBeLessThan(ranges === 'full' ? MOST : MOST_UNRANGED);
				host.shape(undefined);
				await alice.tab.evaluate(() => {
					const videos = document.querySelectorAll<HTMLVideoElement>('.messages video');
					void videos[videos.length - 1]?.play();
				});
				await waitFor(
					alice.tab,
					() => {
						const videos = document.querySelectorAll<HTMLVideoElement>('.messages video');
						return (videos[videos.length - 1]?.currentTime ?? 0) > 0;
					},
					[],
					30_000,
				);
				await alice.tab.evaluate(() => {
					for (const video of document.querySelectorAll('video')) video.pause();
				});
				await expect
					.poll(() => requests().some(({ open }) => open), { timeout: 15_000 })
					.toBe(false);
			}
	} finally {
		host.shape(undefined);
		await sender.messenger.close();
	}
});

test('a video above the limit is measured, and nothing more of it comes', async ({
	alice,
	bob,
	server,
	host,
}) => {
	await acquaint(alice, bob);
	await alice.limitLoading(1_000_000);
	await alice.openConversation(bob.jid);
	const sender = await new Person(server, bob.jid.split('@')[0] ?? '', PASSWORD).signIn();
	await bob.tab.close();
	host.shape(LINE);
	try {
		for (const ranges of ['full', 'prosody', 'ignored'] as const) {
			const file = await host.share('long.mp4', await longVideo(), { ranges });
			await sender.messenger.messages.send(alice.jid, file.uri);
			await sender.messenger.messages.send(alice.jid, ranges);
			await alice.message(ranges);
			await waitFor(alice.tab, () => {
				const items = [...document.querySelectorAll('[data-testid=media-item]')];
				return items.at(-1)?.querySelector('[data-testid=play]') !== null;
			}, []);
			const requests = () => host.requests.filter((request) => request.path === file.path);
			await expect.poll(() => requests().length).toBeGreaterThan(0);
			await expect.poll(() => requests().some(({ open }) => open)).toBe(false);
			const sent = requests().reduce((sum, request) => sum + request.sent, 0);
			expect(sent).toBeLessThan(MOST_MEASURED);
		}
	} finally {
		host.shape(undefined);
		await sender.messenger.close();
	}
});
