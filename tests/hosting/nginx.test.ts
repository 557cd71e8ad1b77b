import { type ChildProcess, spawn } from 'node:child_process';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	commonHeaders,
	contentSecurityPolicy,
	workerPolicy,
} from '../../tools/security-headers.ts';
import { type StaticServer, startStaticServer } from '../../tools/static-server.ts';
import { freePort } from '../../tools/xmpp-server.ts';
import { NGINX, temporaryFolders } from './nginx.ts';

const work = mkdtempSync(path.join(tmpdir(), 'balcony-nginx-'));
const root = path.join(work, 'dist');
let nginx: ChildProcess;
let own: StaticServer;
let origins: string[];

const BROTLI = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so';
const hasBrotli = existsSync(BROTLI);

beforeAll(async () => {
	// Started by root, nginx serves as somebody else.
	chmodSync(work, 0o755);
	mkdirSync(path.join(root, 'assets'), { recursive: true });
	writeFileSync(path.join(root, 'index.html'), '<!doctype html>');
	writeFileSync(path.join(root, 'sw.js'), '//');
	writeFileSync(path.join(root, 'manifest.webmanifest'), '{}');
	writeFileSync(path.join(root, 'assets', 'a.js'), '//');
	writeFileSync(path.join(root, 'assets', 'a.js.br'), brotliCompressSync('//'));
	const port = await freePort();
	// The example as it is, but for its address, certificate and folders.
	const config = readFileSync('deploy/nginx.conf', 'utf8')
		.replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
		.replace(/\s*(?:listen \[::\]|ssl_certificate|ssl_certificate_key).*;/g, '')
		.replace('/var/www/balcony', root)
		.replace('events {}', `pid ${work}/pid; error_log ${work}/error.log; events {}`)
		.replace(hasBrotli ? '' : /^.*brotli.*;$/gm, '')
		.replace('gzip on;', `access_log off; ${temporaryFolders(work)}`);
	writeFileSync(path.join(work, 'nginx.conf'), config);
	const args = ['-p', work, '-c', path.join(work, 'nginx.conf'), '-g', 'daemon off;'];
	nginx = spawn(NGINX, args, { stdio: 'ignore' });
	own = await startStaticServer({ root });
	origins = [`http://127.0.0.1:${port}`, own.origin];
	await answers(origins[0] ?? '');
});

afterAll(async () => {
	nginx?.kill('SIGKILL');
	await own?.close();
	rmSync(work, { recursive: true, force: true });
});

const CASES: [string, string, number, Record<string, string>][] = [
	['GET', '/', 200, { ...commonHeaders(), 'Cache-Control': 'no-cache' }],
	['GET', '/index.html', 200, { ...commonHeaders(), 'Cache-Control': 'no-cache' }],
	['GET', '/manifest.webmanifest', 200, { 'Content-Type': 'application/manifest+json' }],
	[
		'GET',
		'/assets/a.js',
		200,
		{ ...commonHeaders(), 'Cache-Control': 'public, max-age=31536000, immutable' },
	],
	[
		'GET',
		'/sw.js',
		200,
		{
			...commonHeaders(),
			'Content-Security-Policy': workerPolicy(),
			'Cache-Control': 'no-cache',
		},
	],
	['GET', '/media/0123/media.mp4', 404, commonHeaders()],
	['POST', '/media/0123/media.mp4', 404, commonHeaders()],
	['GET', '/nothing', 404, commonHeaders()],
	['GET', '/%2e%2e/nginx.conf', 404, {}],
	['POST', '/share', 405, commonHeaders()],
];

describe('the nginx example and the own server', () => {
	for (const [method, to, status, headers] of CASES)
		it(`agree on ${method} ${to}`, async () => {
			for (const origin of origins) {
				const body = method === 'POST' ? { body: 'a secret' } : {};
				const response = await fetch(origin + to, { method, ...body });
				if (to.startsWith('/%2e')) expect([400, 404]).toContain(response.status);
				else expect(response.status).toBe(status);
				for (const [name, value] of Object.entries(headers))
					expect(response.headers.get(name), `${name} at ${origin}`).toBe(value);
			}
		});
});

it.runIf(hasBrotli)('nginx serves the Brotli copy to who reads it', async () => {
	const read = (encoding: string) =>
		fetch(`${origins[0]}/assets/a.js`, { headers: { 'Accept-Encoding': encoding } });
	const response = await read('br');
	expect(response.headers.get('Content-Encoding')).toBe('br');
	expect(response.headers.get('Content-Type')).toContain('javascript');
	expect(response.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
	expect(await response.text()).toBe('//');
	expect((await read('identity')).headers.get('Content-Encoding')).toBe(null);
});

describe('the Caddy example', () => {
	it('serves the Brotli copies of the build', () => {
		expect(readFileSync('deploy/Caddyfile', 'utf8')).toMatch(
			/file_server \{\s*precompressed br\s*\}/,
		);
	});

	it('holds the same policies', () => {
		const caddy = readFileSync('deploy/Caddyfile', 'utf8');
		expect(caddy).toContain(`"${workerPolicy()}"`);
		expect(caddy.split(`"${contentSecurityPolicy()}"`).length).toBe(3);
		for (const [name, value] of Object.entries(commonHeaders()))
			if (name !== 'Content-Security-Policy')
				expect(caddy.split(`${name} "${value}"`).length).toBe(4);
	});
});

async function answers(origin: string): Promise<void> {
	for (let tries = 0; tries < 100; tries++) {
		const up = await fetch(origin).then(
			() => true,
			() => false,
		);
		if (up) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error(readFileSync(path.join(work, 'error.log'), 'utf8'));
}
