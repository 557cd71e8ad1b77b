import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { freePort, type XmppAccount, type XmppServer } from './xmpp-server.ts';

/** A real Prosody. */
export interface ProsodyServer extends XmppServer {
	/** where its components connect (XEP-0114) */
	readonly componentPort: number;
}

/** An external component that may connect (XEP-0114). */
export interface ComponentHost {
	readonly host: string;
	readonly secret: string;
}

const START_TIME = 20_000;
const PROGRAMS = [
	'/usr/bin/prosody',
	'/usr/sbin/prosody',
	'/opt/homebrew/bin/prosody',
	'/usr/local/bin/prosody',
];

/** Whether Prosody is installed. */
export function hasProsody(): boolean {
	return prosodyProgram() !== undefined;
}

/** Starts Prosody for `localhost` over the data in `folder`, which is made. */
export async function startProsody({
	folder,
	port = 0,
	httpPort = 0,
	accounts = [],
	settings = '',
	globals = '',
	components = [],
	uploadPort = 0,
}: {
	folder: string;
	port?: number;
	httpPort?: number;
	accounts?: readonly XmppAccount[];
	/** more of its configuration, for the virtual host */
	settings?: string;
	/** more of its configuration, for all of it */
	globals?: string;
	components?: readonly ComponentHost[];
	/** where its files are reached, if something stands before it */
	uploadPort?: number;
}): Promise<ProsodyServer> {
	const executable = prosodyProgram();
	if (executable === undefined) throw new Error('Prosody is not installed');
	const root = path.resolve(folder);
	const c2s = port === 0 ? await freePort() : port;
	const http = httpPort === 0 ? await freePort() : httpPort;
	const component = components.length === 0 ? 0 : await freePort();
	for (const taken of [c2s, http])
		if (await answers(taken))
			throw Object.assign(new Error('port taken'), { code: 'EADDRINUSE', port: taken });
	mkdirSync(path.join(root, 'data'), { recursive: true });
	const config = path.join(root, 'prosody.cfg.lua');
	const ports = { c2s, http, component, upload: uploadPort || http };
	writeFileSync(config, configuration(root, ports, { settings, globals, components }));
	let process: ChildProcess | undefined;

	const server: ProsodyServer = {
		domain: 'localhost',
		websocket: `ws://localhost:${http}/xmpp-websocket`,
		port: c2s,
		httpPort: http,
		componentPort: component,
		async start() {
			process = spawn(executable, ['--config', config, '-F'], {
				stdio: 'ignore',
				detached: true,
			});
			const end = Date.now() + START_TIME;
			const ports = component === 0 ? [http] : [http, component];
			while (!(await Promise.all(ports.map(answers))).every(Boolean)) {
				if (Date.now() > end || process.exitCode !== null)
					throw new Error(`Prosody did not start: see ${path.join(root, 'prosody.log')}`);
				await new Promise((resolve) => setTimeout(resolve, 50));
			}
		},
		async kill() {
			const ending = process;
			process = undefined;
			if (ending === undefined || ending.exitCode !== null) return;
			const ended = once(ending, 'exit');
			ending.kill('SIGKILL');
			await ended;
		},
		async close() {
			await server.kill();
		},
		async register({ user, password }) {
			const { status, stderr } = spawnSync(
				executable.replace(/prosody$/, 'prosodyctl'),
				['--config', config, 'register', user, 'localhost', password],
				{ encoding: 'utf8' },
			);
			if (status !== 0) throw new Error(`prosodyctl could not register ${user}: ${stderr}`);
		},
	};
	for (const account of accounts) await server.register(account);
	await server.start();
	return server;
}

export function prosodyProgram(): string | undefined {
	return PROGRAMS.find((candidate) => existsSync(candidate));
}

function configuration(
	root: string,
	ports: { c2s: number; http: number; component: number; upload: number },
	more: { settings: string; globals: string; components: readonly ComponentHost[] },
): string {
	const text = (value: string) => JSON.stringify(value);
	const external = more.components.map(
		({ host, secret }) => `Component ${text(host)}\n\tcomponent_secret = ${text(secret)}\n`,
	);
	return `run_as_root = true
data_path = ${text(path.join(root, 'data'))}
pidfile = ${text(path.join(root, 'prosody.pid'))}
log = { info = ${text(path.join(root, 'prosody.log'))} }
interfaces = { "127.0.0.1", "::1" }
c2s_ports = { ${ports.c2s} }
s2s_ports = { }
component_ports = { ${ports.component || ''} }
component_interfaces = { "127.0.0.1" }
http_ports = { ${ports.http} }
http_interfaces = { "127.0.0.1", "::1" }
https_ports = { }
http_default_host = "localhost"
authentication = "internal_hashed"
-- The least that RFC 7677 section 4 allows. Its own 10,000 keep a page busy for 0.2 s at each sign-in.
default_iteration_count = 4096
storage = "internal"
allow_unencrypted_plain_auth = false
c2s_require_encryption = false
consider_websocket_secure = true
archive_expires_after = "never"
limits = { }
modules_enabled = {
	"disco"; "roster"; "saslauth"; "tls"; "dialback"; "posix"; "ping"; "register"; "time"; "version";
	"blocklist"; "bookmarks"; "carbons"; "csi_simple"; "mam"; "offline"; "pep"; "private"; "smacks";
	"vcard4"; "vcard_legacy"; "websocket"; "http"; "admin_shell";
}
modules_disabled = { "s2s" }
admin_socket = ${text(path.join(root, 'prosody.sock'))}
http_cors_override = { file_share = { enabled = true; credentials = false; headers = {
	Authorization = true; ["Content-Type"] = true; Range = true } } }
${more.globals}
VirtualHost "localhost"
${more.settings}
Component "upload.localhost" "http_file_share"
	http_host = "localhost"
	http_external_url = "http://localhost:${ports.upload}/"
	http_file_share_size_limit = 100 * 1024 * 1024
	http_file_share_daily_quota = 1024 * 1024 * 1024
	http_file_share_expires_after = 10 * 365 * 86400
${external.join('')}`;
}

function answers(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = net.connect(port, '127.0.0.1');
		socket.on('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.on('error', () => resolve(false));
	});
}
