import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { commonHeaders } from '../../../tools/security-headers.ts';

const PAGE = `<!doctype html><title>Harness</title><meta name="viewport" content="width=device-width">
<input id="field"><button id="button">Press</button><p id="seen"></p><video id="video" muted></video>
<script src="/page.js"></script>`;

const PAGE_SCRIPT = `
const show = (text) => { document.querySelector('#seen').textContent = text; };
const field = document.querySelector('#field');
field.addEventListener('paste', (event) => show('pasted ' + event.clipboardData.getData('text/plain')));
field.addEventListener('keydown', (event) => { if (event.key === 'Enter') show('entered ' + field.value); });
document.querySelector('#button').addEventListener('click', () => show('clicked'));
self.trustedTypes?.createPolicy('default', { createScriptURL: (url) => url });
navigator.serviceWorker.register('/sw.js');
`;

/** Tells its lives apart, saves a file slowly, and streams without end. */
const WORKER = `
const life = Math.random();
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
	const { pathname } = new URL(event.request.url);
	if (pathname === '/life') event.respondWith(Response.json(life));
	if (pathname === '/endless') event.respondWith(new Response(new ReadableStream({
		start: (controller) => controller.enqueue(new Uint8Array(9)),
	})));
	if (pathname === '/save') event.respondWith(new Response(new ReadableStream({
		async pull(controller) {
			this.sent = (this.sent ?? 0) + 1;
			controller.enqueue(new Uint8Array(50000).fill(this.sent));
			await new Promise((resolve) => setTimeout(resolve, 20));
			if (this.sent === 20) controller.close();
		},
	}), { headers: {
		'Content-Type': 'application/octet-stream',
		'Content-Length': '1000000',
		'Content-Disposition': "attachment; filename*=UTF-8''sch%C3%B6n.bin",
		'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'self'",
	} }));
});
`;

export interface HarnessSite {
	readonly origin: string;
	close(): Promise<void>;
}

/** A page with a worker and a clip, under the app's own policy. */
export async function startHarnessSite(): Promise<HarnessSite> {
	const clip = await makeClip();
	const files: Record<string, [type: string, body: string | Buffer]> = {
		'/': ['text/html; charset=utf-8', PAGE],
		'/page.js': ['text/javascript', PAGE_SCRIPT],
		'/sw.js': ['text/javascript', WORKER],
		'/clip.mp4': ['video/mp4', clip],
	};
	const server = http.createServer((request, response) => {
		const [type, body] = files[request.url ?? ''] ?? [];
		if (type === undefined) return void response.writeHead(404).end();
		response.writeHead(200, { ...commonHeaders(), 'Content-Type': type }).end(body);
	});
	await new Promise<void>((resolve) => {
		server.listen(0, () => resolve());
	});
	return {
		origin: `http://localhost:${(server.address() as AddressInfo).port}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** Two seconds of H.264 and AAC. */
async function makeClip(): Promise<Buffer> {
	const folder = await mkdtemp(path.join(tmpdir(), 'balcony-clip-'));
	const file = path.join(folder, 'clip.mp4');
	const input = [
		'-f',
		'lavfi',
		'-i',
		'testsrc2=s=320x180:r=25:d=2',
		'-f',
		'lavfi',
		'-i',
		'sine=d=2',
	];
	const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
	await promisify(execFile)('ffmpeg', ['-v', 'error', ...input, ...codecs, file]);
	const clip = await readFile(file);
	await rm(folder, { recursive: true });
	return clip;
}
