import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from 'stanza';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prosodyProgram } from '../../tools/prosody.ts';
import { freePort } from '../../tools/xmpp-server.ts';
import { until } from '../interop/until.ts';
import { NGINX, temporaryFolders } from './nginx.ts';

// What README says of Prosody, and deploy/nginx-xmpp.conf, as they are but for names, ports, certificates and folders.

const work = mkdtempSync(path.join(tmpdir(), 'balcony-readme-'));
const running: ChildProcess[] = [];
let web: number;

beforeAll(async () => {
	const inner = await freePort();
	web = await freePort();
	const [, block = ''] =
		/\*\*Prosody\*\*.*\n\n((?: {4}.*\n|\n)+)/.exec(readFileSync('README.md', 'utf8')) ?? [];
	const config = path.join(work, 'prosody.cfg.lua');
	mkdirSync(path.join(work, 'data'));
	const settings = block
		.replaceAll('example.org', 'localhost')
		.replace('5280', `${inner}`)
		.replace('…', '"disco"; "roster"; "saslauth"; "tls"; "http"');
	writeFileSync(
		config,
		`run_as_root = true
data_path = "${work}/data"
pidfile = "${work}/prosody.pid"
log = { info = "${work}/prosody.log" }
c2s_ports = { ${await freePort()} }
s2s_ports = { }
https_ports = { }
${settings}`,
	);
	const prosody = prosodyProgram() ?? 'prosody';
	spawnSync(prosody.replace(/prosody$/, 'prosodyctl'), [
		'--config',
		config,
		'register',
		'anna',
		'localhost',
		'secret',
	]);
	running.push(spawn(prosody, ['--config', config, '-F'], { stdio: 'ignore' }));

	const example = readFileSync('deploy/nginx-xmpp.conf', 'utf8')
		.replaceAll('listen 443 ssl;', `listen 127.0.0.1:${web};`)
		.replace(/\s*(?:listen \[::\]|ssl_certificate|ssl_certificate_key).*;/g, '')
		.replaceAll('example.org', 'localhost')
		.replaceAll(':5280', `:${inner}`);
	writeFileSync(
		path.join(work, 'nginx.conf'),
		`pid ${work}/pid; error_log ${work}/error.log; events {} http { access_log off; ${temporaryFolders(work)} ${example} }`,
	);
	const args = ['-p', work, '-c', path.join(work, 'nginx.conf'), '-g', 'daemon off;'];
	running.push(spawn(NGINX, args, { stdio: 'ignore' }));
	// Prosody answers last.
	await until('Prosody answers behind nginx', () =>
		ask('GET', 'localhost', '/xmpp-websocket').then(
			({ status }) => status === 200,
			() => false,
		),
	);
}, 30_000);

afterAll(() => {
	for (const child of running) child.kill('SIGKILL');
	rmSync(work, { recursive: true, force: true });
});

interface Answer {
	readonly status: number | undefined;
	readonly headers: Record<string, unknown>;
	readonly body: Buffer;
}

/** Asks nginx by one of its names; rejects where nothing answers. */
function ask(
	method: string,
	host: string,
	to: string,
	{ headers = {}, body }: { headers?: Record<string, string>; body?: Buffer } = {},
): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const asked = request(
			{ host: '127.0.0.1', port: web, method, path: to, headers: { ...headers, host } },
			(response) => {
				const parts: Buffer[] = [];
				response.on('data', (part: Buffer) => parts.push(part));
				response.on('end', () =>
					resolve({
						status: response.statusCode,
						headers: response.headers,
						body: Buffer.concat(parts),
					}),
				);
			},
		);
		asked.on('error', reject);
		asked.end(body);
	});
}

it('any web app finds the address', async () => {
	const { headers, body } = await ask('GET', 'localhost', '/.well-known/host-meta.json');
	expect(headers).toMatchObject({
		'access-control-allow-origin': '*',
		'content-type': 'application/json',
	});
	expect(JSON.parse(`${body}`).links[0].href).toBe('wss://localhost/xmpp-websocket');
});

it('somebody signs in and shares a file of 3 MB', async () => {
	const agent = createClient({
		jid: 'anna@localhost',
		password: 'secret',
		transports: { websocket: `ws://localhost:${web}/xmpp-websocket`, bosh: false },
	});
	const started = new Promise((resolve) => agent.on('session:started', resolve));
	agent.connect();
	await started;
	const body = Buffer.alloc(3_000_000, 'abcdefg');
	const { upload } = await agent.getUploadSlot('upload.localhost', {
		name: 'a.bin',
		size: body.length,
		mediaType: 'application/octet-stream',
	});
	agent.disconnect();
	const { origin, pathname, search } = new URL(upload.url);
	expect(origin).toBe('https://upload.localhost');
	const headers = Object.fromEntries(
		(upload.headers ?? []).map(({ name, value }) => [name, value ?? '']),
	);

	const asked = await ask('OPTIONS', 'upload.localhost', pathname + search, {
		headers: { origin: 'https://balcony.example', 'access-control-request-method': 'PUT' },
	});
	expect(asked.headers['access-control-allow-origin']).toBe('https://balcony.example');
	expect(`${asked.headers['access-control-allow-methods']}`).toContain('PUT');
	expect(`${asked.headers['access-control-allow-headers']}`).toContain('Authorization');

	const put = await ask('PUT', 'upload.localhost', pathname + search, {
		headers: { ...headers, 'content-type': 'application/octet-stream' },
		body,
	});
	expect(put.status).toBe(201);
	const got = await ask('GET', 'upload.localhost', pathname, { headers: { range: 'bytes=7-' } });
	expect([got.status, got.body.length]).toEqual([206, body.length - 7]);
});

it('what is larger than the limit is refused by its length', async () => {
	const { status } = await ask('PUT', 'upload.localhost', '/file_share/a', {
		headers: { 'content-length': `${101 * 1024 * 1024}`, expect: '100-continue' },
	});
	expect(status).toBe(413);
});
