/** `npm start`: builds the app for this machine, serves it, and beside it a host with encrypted samples. */

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { aesgcmUri, encryptFile } from './encrypt-file.ts';
import { startStaticServer } from './static-server.ts';
import { type HostBehaviour, startUploadHost, type UploadHost } from './upload-host.ts';

const { values } = parseArgs({
	options: {
		port: { type: 'string', default: process.env['PORT'] ?? '4173' },
		'host-port': { type: 'string', default: process.env['HOST_PORT'] ?? '4174' },
		'no-build': { type: 'boolean', default: false },
	},
});

const SAMPLES = [
	['A photo', 'balcony.jpg'],
	['A voice message', 'voice-message.m4a'],
	['A video of a minute', 'evening.mp4'],
	['A text', 'notes.txt'],
] as const;

const TRIALS: readonly (readonly [string, string, HostBehaviour])[] = [
	['Altered on the server', 'evening.mp4', { corrupt: { at: 300_000 } }],
	['Expired on the server', 'balcony.jpg', { status: 404 }],
	['A host that cannot seek', 'evening.mp4', { ranges: 'ignored' }],
	['A host that does not let web apps read', 'balcony.jpg', { cors: false }],
];

if (!values['no-build']) {
	await build({ mode: 'loopback', logLevel: 'warn' });
}

try {
	const app = await startStaticServer({
		root: 'dist-local',
		port: Number(values.port),
		loopback: true,
	});
	const host = await startUploadHost({ port: Number(values['host-port']) });
	console.log(`\n  Balcony      ${app.origin}\n  Upload host  ${host.origin}\n`);
	console.log('  Open the first address, then paste one of these links:\n');
	for (const [what, name] of SAMPLES) console.log(`  ${what}\n  ${await offer(host, name)}\n`);
	console.log('  And, to see what happens when a server misbehaves:\n');
	for (const [what, name, behaviour] of TRIALS)
		console.log(`  ${what}\n  ${await offer(host, name, behaviour)}\n`);
	console.log('  Ctrl-C ends both.');
} catch (thrown) {
	const { code, port } = thrown as { code?: string; port?: number };
	if (code !== 'EADDRINUSE') throw thrown;
	console.error(`Port ${port} is taken. Choose others: npm start -- --port 5173 --host-port 5174`);
	process.exit(1);
}

/** Puts a sample on the host, freshly encrypted, at an address nobody can guess; its link. */
async function offer(
	host: UploadHost,
	name: string,
	behaviour: HostBehaviour = {},
): Promise<string> {
	const encrypted = await encryptFile(await readFile(`samples/${name}`));
	const slot = `/upload/${randomBytes(16).toString('hex')}/${name}`;
	return aesgcmUri(host.put(slot, encrypted.bytes, behaviour), encrypted);
}
