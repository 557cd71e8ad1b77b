/** The servers beside the app, for `npm start` and `npm run dev`: a host with encrypted samples, and a Prosody with a history. */

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { installPackages, mayInstall } from './debian-packages.ts';
import { startDemo } from './demo/demo.ts';
import { aesgcmUri, encryptFile } from './encrypt-file.ts';
import { hasProsody, type ProsodyServer, startProsody } from './prosody.ts';
import { type HostBehaviour, startUploadHost, type UploadHost } from './upload-host.ts';

/** An app that is being served. */
interface ServedApp {
	readonly origin: string;
	/** Names a WebSocket to the app, which looks for its server (XEP-0156 section 3.2). */
	name(websocket: string): void;
}

interface Ports {
	readonly app: number;
	readonly host: number;
	readonly xmpp: number;
}

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

/** Milliseconds that the history of the accounts may take before it is said how to sign in; it goes on beside that. */
const DEMO_TIME = 20_000;

export const ACCOUNTS = {
	anna: { user: 'anna', password: 'anna-anna' },
	ben: { user: 'ben', password: 'ben-ben' },
};

/** The ports of the command line, of the environment, or the usual ones; and whether `--no-build` was given. */
export function readOptions(): Ports & { readonly mayBuild: boolean } {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: process.env['PORT'] ?? '4173' },
			'host-port': { type: 'string', default: process.env['HOST_PORT'] ?? '4174' },
			'xmpp-port': { type: 'string', default: process.env['XMPP_PORT'] ?? '4175' },
			'no-build': { type: 'boolean', default: false },
		},
	});
	return {
		app: Number(values.port),
		host: Number(values['host-port']),
		xmpp: Number(values['xmpp-port']),
		mayBuild: !values['no-build'],
	};
}

/** Serves the app with `serve`, starts the servers beside it, and prints their addresses, accounts and samples. */
export async function startWithServers(
	command: string,
	ports: Ports,
	serve: () => Promise<ServedApp>,
): Promise<void> {
	try {
		await startAll(ports, await serve());
	} catch (thrown) {
		const { code, port } = thrown as { code?: string; port?: number };
		if (code !== 'EADDRINUSE') throw thrown;
		console.error(
			`Port ${port ?? ports.app} is taken. Choose others: ${command} -- --port 5173 --host-port 5174 --xmpp-port 5175`,
		);
		process.exit(1);
	}
}

async function startAll(ports: Ports, app: ServedApp): Promise<void> {
	const host = await startUploadHost({ port: ports.host });
	console.log(`\n  Balcony      ${app.origin}\n  Upload host  ${host.origin}\n`);
	const prosody = await offerProsody(ports.xmpp);
	if (prosody !== undefined) {
		app.name(prosody.websocket);
		const history = startDemo({
			server: prosody,
			accounts: ACCOUNTS,
			folder: '.data/prosody/demo',
		}).catch(() =>
			console.error('  The two accounts could not be made contacts: their chats may be empty.\n'),
		);
		// One who has blocked the other never becomes their contact.
		await Promise.race([history, new Promise((resolve) => setTimeout(resolve, DEMO_TIME))]);
		console.log('  Open the first address in two browsers (or a private window) and sign in as:\n');
		for (const { user, password } of Object.values(ACCOUNTS))
			console.log(`  Address      ${user}@localhost\n  Password     ${password}`);
		console.log('');
		console.log(`  Other clients reach it on port ${prosody.port} of this machine, without TLS,`);
		console.log(`  or at ${prosody.websocket}. To send a stanza that no client sends:\n`);
		console.log(
			`  npm run stanza -- ben '<message to="anna@localhost" type="chat"><body>Hi</body></message>'\n`,
		);
	}
	console.log(
		'  Without an account: choose "Open a link without an account", and paste one of these:\n',
	);
	for (const [what, name] of SAMPLES) console.log(`  ${what}\n  ${await offer(host, name)}\n`);
	console.log('  And, to see what happens when a server misbehaves:\n');
	for (const [what, name, behaviour] of TRIALS)
		console.log(`  ${what}\n  ${await offer(host, name, behaviour)}\n`);
	console.log('  Ctrl-C ends all of it.');
}

/** A Prosody on loopback with two accounts, over data that stays; undefined where there is none and none can be had. */
async function offerProsody(httpPort: number): Promise<ProsodyServer | undefined> {
	if (!hasProsody() && mayInstall()) {
		console.log('  Installing Prosody …\n');
		installPackages(['prosody']);
	}
	if (!hasProsody()) {
		const how = process.platform === 'darwin' ? 'brew install prosody' : 'apt install prosody';
		console.log(`  For the chat a Prosody is needed here: ${how}, then start again.\n`);
		return undefined;
	}
	const server = await startProsody({
		folder: '.data/prosody',
		httpPort,
		port: httpPort + 1,
		accounts: Object.values(ACCOUNTS),
		settings: 'allow_registration = true',
	});
	process.on('exit', () => server.kill());
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
	return server;
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
