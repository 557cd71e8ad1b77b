import { statSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { aesgcmUri } from '../../tools/encrypt-file.ts';
import { startStaticServer } from '../../tools/static-server.ts';
import { startUploadHost } from '../../tools/upload-host.ts';
import { BalconyPage } from '../e2e/balcony-page.ts';
import { waitFor } from '../e2e/browser/browser.ts';
import { openEngine } from '../e2e/fixtures.ts';
import { type Row, rowOf } from './rows.ts';
import { benchVideo, taggedVideo } from './video.ts';

/** Milliseconds to the first frame, and for a seek to 90 % that nothing was loaded of. */
interface Playback {
	readonly first: number;
	readonly seek: number;
}

type Way = 'plain' | 'ours' | 'download';

const PAIRS = 9;

/**
 * The same 90 MB video, plain, through the worker and, with `downloads`, as others do it (load all, decrypt once,
 * blob URL), interleaved, over 20 Mbit/s with 40 ms of delay.
 */
export async function playbackRows(
	engine: string,
	kind: 'front' | 'end' | 'tagged',
	downloads: boolean,
): Promise<Row[]> {
	const { plain, sealed, encrypted } = await (kind === 'tagged' ? taggedVideo() : benchVideo(kind));
	const host = await startUploadHost();
	// Another origin, and a page of it without a worker.
	const bare = http.createServer((_, response) => {
		response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>bare</title>');
	});
	await new Promise<void>((resolve) => bare.listen(0, resolve));
	const { port } = bare.address() as AddressInfo;
	const app = await startStaticServer({ root: 'dist-local', loopback: true });
	host.shape({ bitsPerSecond: 20e6, delayMs: 40 });
	const session = await openEngine(engine, { isWhole: true });
	const page = new BalconyPage(await session.newTab(), session, app.origin);
	const rounds: Partial<Record<Way, Playback>>[] = [];
	for (let pair = 0; pair <= PAIRS; pair++) {
		const round: Partial<Record<Way, Playback>> = {};
		const plainUrl = host.put(`/plain/${pair}/video.mp4`, {
			file: plain,
			size: statSync(plain).size,
		});
		const url = host.put(`/upload/${pair}/video.mp4`, {
			file: sealed,
			size: encrypted.bytes.length,
		});
		await page.tab.goto(`http://localhost:${port}/`);
		round.plain = await page.tab.evaluate(measure, 'plain', plainUrl);
		await page.open();
		round.ours = await page.tab.evaluate(measure, 'ours', aesgcmUri(url, encrypted));
		// Or the later rounds would measure how a longer and longer list is set up.
		for (const id of await page.ids()) await page.press(id, 'remove');
		await waitFor(page.tab, () => !document.querySelector('[data-testid=media-item]'), []);
		if (downloads) {
			await page.tab.goto(`http://localhost:${port}/`);
			round.download = await page.tab.evaluate(measure, 'download', aesgcmUri(url, encrypted));
		}
		// The first pair warms up.
		if (pair > 0) rounds.push(round);
	}
	await session.close();
	bare.close();
	await Promise.all([host.close(), app.close()]);

	const ratio = (over: Way, under: Way, what: keyof Playback) =>
		rounds.map((round) => (round[over]?.[what] ?? Number.NaN) / (round[under]?.[what] ?? 1));
	const suffix = kind === 'end' ? '_index_at_end' : '';
	const firsts = ratio('ours', 'plain', 'first');
	const seeks = ratio('ours', 'plain', 'seek');
	if (kind === 'tagged')
		return [
			rowOf('ttff_marked_vs_plain', engine, 'ratio', '<=1.1', firsts),
			rowOf('seek_marked_vs_plain', engine, 'ratio', '<=1.6', seeks),
		];
	return [
		rowOf(`ttff_vs_plain${suffix}`, engine, 'ratio', '<=1.25', firsts),
		rowOf(`seek_vs_plain${suffix}`, engine, 'ratio', '<=1.5', seeks),
		...(downloads
			? [
					rowOf(
						`download_first_vs_ttff${suffix}`,
						engine,
						'ratio',
						'>=100',
						ratio('download', 'ours', 'first'),
					),
				]
			: []),
	];
}

/** Runs in the page. */
async function measure(way: Way, address: string): Promise<Playback> {
	const until = async (holds: () => boolean) => {
		const end = performance.now() + 40_000;
		while (!holds()) {
			if (performance.now() > end) {
				const seen = [...document.querySelectorAll('video')].map(
					({ readyState, seeking, error }) => `${readyState} ${seeking} ${error?.message}`,
				);
				throw new Error(`${way}: too slow; ${seen.join(', ')} ${document.body?.innerText}`);
			}
			await new Promise((resolve) => setTimeout(resolve, 2));
		}
	};
	const known = new Set(document.querySelectorAll('video'));
	const show = (url: string) => {
		const element = document.createElement('video');
		element.preload = 'metadata';
		element.src = url;
		document.documentElement.append(element);
	};
	const start = performance.now();
	if (way === 'plain') show(address);
	else if (way === 'ours') {
		const data = new DataTransfer();
		data.setData('text/plain', address);
		document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, cancelable: true }));
	} else {
		const { host, pathname, hash } = new URL(address.replace('aesgcm', 'http'));
		const response = await fetch(`http://${host}${pathname}`);
		const sealed = await response.arrayBuffer();
		const bytes = (hex: string) =>
			Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
		const [iv, raw] = [bytes(hash.slice(1, 25)), bytes(hash.slice(25))];
		const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
		const clear = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed);
		show(URL.createObjectURL(new Blob([clear], { type: 'video/mp4' })));
	}
	// The last one: those of earlier rounds may still be on their way into the list.
	const find = () =>
		[...document.querySelectorAll('video')].filter((element) => !known.has(element)).at(-1);
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
