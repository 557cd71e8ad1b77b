import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Agent, createClient } from 'stanza';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasEjabberd, startEjabberd } from '../../tools/ejabberd.ts';
import type { XmppServer } from '../../tools/xmpp-server.ts';

const MAX_SIZE = 200_000;
const ORIGIN = { Origin: 'https://balcony.example' };
const bytes = Uint8Array.from({ length: 100_000 }, (_, n) => (n * 7) & 255);

/** What the upload of files can rely on, and what it must not (mod_http_upload). */
describe.runIf(hasEjabberd())('the uploads of a real ejabberd', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-ejabberd-'));
	let server: XmppServer;
	let agent: Agent;

	beforeAll(async () => {
		server = await startEjabberd({
			folder,
			accounts: [{ user: 'alice', password: 'alice' }],
			maxUpload: MAX_SIZE,
		});
		agent = createClient({
			jid: 'alice@localhost',
			password: 'alice',
			transports: { websocket: server.websocket, bosh: false },
		});
		await new Promise<void>((resolve) => {
			agent.on('session:started', () => resolve());
			agent.connect();
		});
	}, 60_000);

	afterAll(async () => {
		agent?.disconnect();
		await server?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	async function slot(name: string, size: number) {
		const httpUpload = { type: 'request' as const, name, size };
		const answer = await agent.sendIQ({ to: 'upload.localhost', type: 'get', httpUpload });
		const { upload, download } = answer.httpUpload as unknown as {
			upload: { url: string; headers?: unknown };
			download: string;
		};
		return { put: upload.url, get: download, headers: upload.headers };
	}

	const put = (url: string, body: BodyInit) => fetch(url, { method: 'PUT', body, headers: ORIGIN });
	const allowed = (response: Response) => response.headers.get('Access-Control-Allow-Origin');

	it('give back what they were given', async () => {
		const { put: url, get, headers } = await slot('voice.m4a', bytes.length);
		expect(headers).toBeUndefined();
		expect(get).toBe(url);
		expect(new URL(get).host).toBe(`localhost:${server.httpPort}`);
		const stored = await put(url, bytes);
		expect([stored.status, allowed(stored)]).toEqual([201, '*']);
		const response = await fetch(get, { headers: ORIGIN });
		expect([response.status, allowed(response)]).toEqual([200, '*']);
		expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
	});

	it('know no ranges', async () => {
		const { put: url, get } = await slot('voice.m4a', bytes.length);
		await put(url, bytes);
		const response = await fetch(get, { headers: { ...ORIGIN, Range: 'bytes=1000-' } });
		expect(response.status).toBe(200);
		expect(response.headers.get('Content-Length')).toBe(String(bytes.length));
		expect(response.headers.get('Accept-Ranges')).toBeNull();
	});

	it('let web apps ask first', async () => {
		const { put: url } = await slot('voice.m4a', bytes.length);
		const response = await fetch(url, { method: 'OPTIONS', headers: ORIGIN });
		expect([response.status, allowed(response)]).toEqual([200, '*']);
		expect(response.headers.get('Access-Control-Allow-Methods')).toContain('PUT');
		expect(response.headers.get('Access-Control-Allow-Headers')).toContain('Range');
	});

	it('take a slot once, and of the size that was asked for; a web app does not learn why not', async () => {
		const { put: url, get } = await slot('voice.m4a', bytes.length);
		const refusals = [
			await fetch(get, { headers: ORIGIN }),
			await put(url, bytes.subarray(1)),
			await put(url, bytes),
			await put(url, bytes),
		];
		expect(refusals.map((response) => [response.status, allowed(response)])).toEqual([
			[404, null],
			[413, null],
			[201, '*'],
			[403, null],
		]);
	});

	it('name their limit', async () => {
		await expect(slot('film.mp4', MAX_SIZE + 1)).rejects.toMatchObject({
			error: { condition: 'not-acceptable' },
		});
		await expect(slot('nothing', 0)).rejects.toMatchObject({
			error: { condition: 'bad-request' },
		});
	});

	it('replace what no address can hold in a name', async () => {
		const { get } = await slot('a b ü#?%/.mp4', 5);
		expect(new URL(get).pathname.split('/').at(-1)).toBe('a_b_%C3%BC____.mp4');
	});
});
