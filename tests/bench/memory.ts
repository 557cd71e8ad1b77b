import { type ChildProcess, spawn } from 'node:child_process';
import { createCipheriv, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { aesgcmUri } from '../../tools/encrypt-file.ts';
import { startStaticServer } from '../../tools/static-server.ts';
import { startUploadHost, type UploadHost } from '../../tools/upload-host.ts';
import { callOf } from '../e2e/browser/browser.ts';
import { CHROMIUM_FLAGS, chromiumPath } from '../e2e/browser/playwright.ts';
import { MINI_BROWSER } from '../e2e/browser/webkitgtk.ts';
import { webkitEnvironment } from '../e2e/browser/webkitgtk-driver.ts';
import { descendantsOf, proportionalSize } from './process-memory.ts';
import { type Row, rowOf } from './rows.ts';

const MIB = 2 ** 20;
const CASES = [
	{ name: 'heap_growth_mib', size: 1024 * MIB, goal: '<=48', isPlain: false },
	{ name: 'heap_growth_100mb_mib', size: 100e6, goal: 'reported', isPlain: false },
	/** what the browser itself takes for as much through any worker: one that hands on what it fetches, as it is */
	{ name: 'heap_growth_passed_through_mib', size: 1024 * MIB, goal: 'reported', isPlain: true },
];
const ROUNDS = 3;
/** Milliseconds. */
const SETTLE = 4000;
const SAMPLE_INTERVAL = 100;
const READY_TIME = 30_000;
const STREAM_TIME = 300_000;

/**
 * How much the browser's processes grow while a file streams through the worker into a page that reads and drops it:
 * proportional set size, peak less baseline. The profile lies on disk, as a person's does.
 */
export async function memoryRows(engine: string): Promise<Row[]> {
	const host = await startUploadHost();
	const rows: Row[] = [];
	for (const { name, size, goal, isPlain } of CASES) {
		const sealed = await sealedZeros(size);
		const growths: number[] = [];
		for (let round = 0; round < ROUNDS; round++) {
			const url = host.put(`/upload/${name}/${round}/video.mp4`, {
				file: sealed.file,
				size: size + 16,
			});
			const address = isPlain ? url : aesgcmUri(url, sealed);
			growths.push(await growth(engine, host, address, isPlain ? size + 16 : size));
		}
		rows.push(rowOf(name, engine, 'MiB', goal, growths));
	}
	await host.close();
	return rows;
}

async function growth(
	engine: string,
	host: UploadHost,
	uri: string,
	bytes: number,
): Promise<number> {
	const app = await startStaticServer({ root: 'dist-local', loopback: true });
	app.prelude(
		`if (globalThis.document) ${callOf(streamInPage, [uri, host.origin])}; else ${callOf(passThrough, [])};`,
	);
	const profile = mkdtempSync(path.join(tmpdir(), 'balcony-memory-'));
	host.clearLog();
	const browser = launch(engine, app.origin, profile);
	const size = () =>
		descendantsOf(browser.pid ?? 0).reduce((sum, pid) => sum + proportionalSize(pid), 0) / MIB;
	try {
		await reported(host, 'ready', READY_TIME);
		await pause(SETTLE);
		const baseline = size();
		app.prelude('');
		host.put(`/report/go/${app.origin}`, new Uint8Array(1));
		let peak = baseline;
		const sampling = setInterval(() => {
			peak = Math.max(peak, size());
		}, SAMPLE_INTERVAL);
		await reported(host, `done/${bytes}`, STREAM_TIME).finally(() => clearInterval(sampling));
		return Math.max(peak, size()) - baseline;
	} finally {
		for (const pid of descendantsOf(browser.pid ?? 0).reverse()) kill(pid);
		await app.close();
		rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
	}
}

function launch(engine: string, url: string, profile: string): ChildProcess {
	if (engine === 'chromium') {
		const flags = [...CHROMIUM_FLAGS, '--headless=new', `--user-data-dir=${profile}`, url];
		return spawn(chromiumPath(), flags, { stdio: 'ignore' });
	}
	const command = ['-a', '-s', '-screen 0 1400x1000x24', MINI_BROWSER, url];
	return spawn('xvfb-run', command, {
		stdio: 'ignore',
		env: { ...process.env, ...webkitEnvironment(profile) },
	});
}

/** Runs in the page, before the app: tells when it is ready, waits for the word, streams, tells the end. */
function streamInPage(uri: string, origin: string): void {
	const wait = (time: number) => new Promise((resolve) => setTimeout(resolve, time));
	const until = async <T>(look: () => T | Promise<T>): Promise<NonNullable<T>> => {
		for (;;) {
			const found = await look();
			if (found) return found;
			await wait(100);
		}
	};
	const report = (what: string) => fetch(`${origin}/report/${what}`).catch(() => undefined);
	const run = async () => {
		await until(() => {
			document.querySelector<HTMLElement>('[data-testid=open-links]')?.click();
			return (
				navigator.serviceWorker.controller && document.querySelector('[data-testid=link-field]')
			);
		});
		await report('ready');
		await until(async () => (await report(`go/${location.origin}`))?.ok);
		const open = async () => {
			if (!uri.startsWith('aesgcm')) return `/through?${encodeURIComponent(uri)}`;
			const data = new DataTransfer();
			data.setData('text/plain', uri);
			const paste = new ClipboardEvent('paste', { clipboardData: data, cancelable: true });
			document.dispatchEvent(paste);
			const item = await until(() => document.querySelector<HTMLElement>('[data-media-id]'));
			return `/media/${item.dataset['mediaId']}/media.mp4`;
		};
		const response = await fetch(await open());
		let bytes = 0;
		if (response.body !== null) {
			// Into one buffer where the engine can, as a player would: the page's garbage is not ours.
			let buffer = new Uint8Array(65_536);
			let byob: ReadableStreamBYOBReader | undefined;
			try {
				byob = response.body.getReader({ mode: 'byob' });
			} catch {
				// WebKit has none for what it fetched
			}
			const reader = byob === undefined ? response.body.getReader() : undefined;
			for (;;) {
				const result = await (byob?.read(buffer) ?? reader?.read());
				if (result?.value === undefined || result.done) break;
				bytes += result.value.length;
				if (byob !== undefined) buffer = new Uint8Array(result.value.buffer);
			}
		}
		await report(`done/${bytes}`);
	};
	run().catch((error) => report(`failed/${encodeURIComponent(String(error))}`));
}

/** Runs in the worker: answers /through?<address> with what is fetched from there. */
function passThrough(): void {
	addEventListener('fetch', (event) => {
		const { request, respondWith } = event as Event & {
			request: Request;
			respondWith(response: Promise<Response>): void;
		};
		const { pathname, search } = new URL(request.url);
		if (pathname !== '/through') return;
		const answer = async () => {
			const { body } = await fetch(decodeURIComponent(search.slice(1)));
			const reader = body?.getReader();
			const pull = async (controller: ReadableStreamDefaultController) => {
				const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
				if (done) controller.close();
				else controller.enqueue(value);
			};
			return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
		};
		respondWith.call(event, answer());
	});
}

async function reported(host: UploadHost, what: string, time: number): Promise<void> {
	const end = Date.now() + time;
	while (Date.now() < end) {
		const words = host.requests.map((request) => request.path);
		const failed = words.find((word) => word.startsWith('/report/failed'));
		if (failed !== undefined) throw new Error(decodeURIComponent(failed));
		if (words.some((word) => word.startsWith(`/report/${what}`))) return;
		await pause(50);
	}
	throw new Error(`the page never told that it is ${what}`);
}

/** A file of zeros behind the first bytes of an MP4, sealed as it is written: too large to be made in memory. */
async function sealedZeros(size: number): Promise<{ file: string; fragment: string }> {
	const file = path.join(tmpdir(), `balcony-bench-${size}.sealed`);
	const [key, iv] = [Buffer.alloc(32, 7), Buffer.alloc(12, 9)];
	const fragment = iv.toString('hex') + key.toString('hex');
	if (existsSync(file)) return { file, fragment };
	const cipher = createCipheriv('aes-256-gcm', key, iv);
	const part = `${file}.${randomBytes(4).toString('hex')}`;
	const out = createWriteStream(part);
	const chunk = Buffer.alloc(4 * MIB);
	Buffer.from('000000206674797069736f6d', 'hex').copy(chunk);
	for (let at = 0; at < size; at += chunk.length) {
		const sealed = cipher.update(chunk.subarray(0, size - at));
		if (!out.write(sealed)) await once(out, 'drain');
		chunk.fill(0);
	}
	cipher.final();
	out.end(cipher.getAuthTag());
	await once(out, 'close');
	renameSync(part, file);
	return { file, fragment };
}

function kill(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It has ended by itself.
	}
}

function pause(time: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, time));
}
