import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { aesgcmUri, encryptFile } from '../../tools/encrypt-file.ts';
import { startStaticServer } from '../../tools/static-server.ts';
import { startUploadHost } from '../../tools/upload-host.ts';
import { BalconyPage } from '../e2e/balcony-page.ts';
import { openEngine } from '../e2e/fixtures.ts';

/** Milliseconds to the first frame, and for a seek to 90 % that nothing was loaded of. */
export interface Playback {
	readonly first: number;
	readonly seek: number;
}

/** Pairs of the same 90 MB video, plain and through the worker, over 20 Mbit/s with 40 ms of delay. */
export async function playbackPairs(
	engine: string,
	pairs: number,
): Promise<{ plain: Playback; ours: Playback }[]> {
	const video = makeVideo();
	const encrypted = await encryptFile(readFileSync(video));
	const sealed = `${video}.sealed`;
	writeFileSync(sealed, encrypted.bytes);
	const host = await startUploadHost();
	// Another origin, and a page of it without a worker.
	const bare = http.createServer((_, response) => {
		response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>bare</title>');
	});
	await new Promise<void>((resolve) => bare.listen(0, resolve));
	const { port } = bare.address() as AddressInfo;
	const app = await startStaticServer({ root: 'dist-local', loopback: true });
	host.shape({ bitsPerSecond: 20e6, delayMs: 40 });
	const session = await openEngine(engine);
	const page = new BalconyPage(await session.newTab(), session, app.origin);
	const results: { plain: Playback; ours: Playback }[] = [];
	for (let pair = 0; pair <= pairs; pair++) {
		const plainUrl = host.put(`/plain/${pair}/video.mp4`, {
			file: video,
			size: statSync(video).size,
		});
		const url = host.put(`/upload/${pair}/video.mp4`, {
			file: sealed,
			size: encrypted.bytes.length,
		});
		await page.tab.goto(`http://localhost:${port}/`);
		const plain = await page.tab.evaluate(measure, 'plain', plainUrl);
		await page.open();
		const ours = await page.tab.evaluate(measure, 'ours', aesgcmUri(url, encrypted));
		// The first pair warms up.
		if (pair > 0) results.push({ plain, ours });
	}
	await session.close();
	bare.close();
	await Promise.all([host.close(), app.close()]);
	return results;
}

/** Runs in the page. */
async function measure(way: 'plain' | 'ours', address: string): Promise<Playback> {
	const until = async (holds: () => boolean) => {
		const end = performance.now() + 40_000;
		while (!holds()) {
			if (performance.now() > end) throw new Error(`${way}: too slow`);
			await new Promise((resolve) => setTimeout(resolve, 2));
		}
	};
	const known = new Set(document.querySelectorAll('video'));
	const start = performance.now();
	if (way === 'plain') {
		const element = document.createElement('video');
		element.preload = 'metadata';
		element.src = address;
		document.documentElement.append(element);
	} else {
		const data = new DataTransfer();
		data.setData('text/plain', address);
		document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, cancelable: true }));
	}
	const find = () => [...document.querySelectorAll('video')].find((element) => !known.has(element));
	await until(() => (find()?.readyState ?? 0) >= 2);
	const first = performance.now() - start;
	const video = find();
	if (video === undefined) throw new Error('no video');
	const from = performance.now();
	video.currentTime = 0.9 * video.duration;
	await until(() => !video.seeking && video.readyState >= 2);
	const seek = performance.now() - from;
	video.removeAttribute('src');
	video.load();
	return { first, seek };
}

function makeVideo(): string {
	const file = path.join(tmpdir(), 'balcony-bench-90mb.mp4');
	if (!existsSync(file))
		execFileSync('ffmpeg', [
			...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30:d=60'],
			...['-f', 'lavfi', '-i', 'sine=440:d=60', '-c:v', 'libx264', '-preset', 'ultrafast'],
			...['-b:v', '12M', '-minrate', '12M', '-maxrate', '12M', '-bufsize', '12M'],
			...['-x264-params', 'nal-hrd=cbr', '-g', '60', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
			...['-movflags', '+faststart', file],
		]);
	return file;
}
