import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { freePort, type XmppAccount, type XmppServer } from './xmpp-server.ts';

/** More of its configuration: options, and those of modules. */
interface EjabberdSettings {
	readonly modules?: Readonly<Record<string, object>>;
	readonly [option: string]: unknown;
}

const START_TIME = 60_000;
const ERLANG = '/usr/bin/erl';
const ERLANG_LIBRARIES = '/usr/lib/erlang/lib';
/** Ends the server when whoever started it is gone, however that came about; all that it started ends with it. */
const WATCH = 'spawn(fun() -> io:get_line(""), halt(1, [{flush, false}]) end).';

/** Whether Debian's packages of it and its SQLite are installed. */
export function hasEjabberd(): boolean {
	return (
		existsSync(ERLANG) && library() !== undefined && hasFolder(ERLANG_LIBRARIES, 'p1_sqlite3-')
	);
}

/**
 * Starts ejabberd for `localhost` over the data in `folder`, which is made. As a lone Erlang node it has no name and
 * no port for other nodes, so that any number run side by side.
 */
export async function startEjabberd({
	folder,
	accounts = [],
	settings = {},
	maxUpload = 100 * 1024 * 1024,
	database = 'sqlite',
	httpPort = 0,
	uploadPort = 0,
}: {
	folder: string;
	accounts?: readonly XmppAccount[];
	settings?: EjabberdSettings;
	/** bytes of a file */
	maxUpload?: number;
	/** `mnesia` is its default, and forgets the last two seconds when it is killed */
	database?: 'sqlite' | 'mnesia';
	httpPort?: number;
	/** where its files are reached, if something stands before it */
	uploadPort?: number;
}): Promise<XmppServer> {
	const libraries = library();
	if (libraries === undefined || !hasEjabberd()) throw new Error('ejabberd is not installed');
	const root = path.resolve(folder);
	const c2s = await freePort();
	const http = httpPort === 0 ? await freePort() : httpPort;
	const files = uploadPort || http;
	mkdirSync(path.join(root, 'data'), { recursive: true });
	const config = path.join(root, 'ejabberd.yml');
	const log = path.join(root, 'ejabberd.log');
	// JSON is YAML, too.
	const options = configuration({ root, c2s, http, files, maxUpload, database, settings });
	writeFileSync(config, JSON.stringify(options, undefined, 1));
	let running: ChildProcess | undefined;

	/** Asks it to do something; the answer's status. */
	async function command(name: string, body: object): Promise<number> {
		const response = await fetch(`http://127.0.0.1:${http}/api/${name}`, {
			method: 'POST',
			body: JSON.stringify(body),
		});
		await response.arrayBuffer();
		return response.status;
	}

	const server: XmppServer = {
		domain: 'localhost',
		websocket: `ws://localhost:${http}/ws`,
		port: c2s,
		httpPort: http,
		async start() {
			const starting = spawn(
				ERLANG,
				[
					'-noshell',
					// Where cores are few, its schedulers are not to spin while they wait.
					...['+sbwt', 'none', '+sbwtdcpu', 'none', '+sbwtdio', 'none'],
					...['-mnesia', 'dir', `"${path.join(root, 'data')}"`],
					...['-eval', WATCH],
					...['-s', 'ejabberd'],
				],
				{
					stdio: ['pipe', 'ignore', 'ignore'],
					detached: true,
					env: {
						PATH: process.env['PATH'],
						HOME: root,
						ERL_LIBS: libraries,
						ERL_CRASH_DUMP: path.join(root, 'crash.dump'),
						EJABBERD_CONFIG_PATH: config,
						EJABBERD_LOG_PATH: log,
					},
				},
			);
			running = starting;
			const end = Date.now() + START_TIME;
			while ((await command('status', {}).catch(() => 0)) !== 200) {
				if (Date.now() > end || hasEnded(starting)) {
					await server.kill();
					throw new Error(`ejabberd did not start: ${lastLines(log)}`);
				}
				await new Promise((resolve) => setTimeout(resolve, 50));
			}
		},
		async kill() {
			const ending = running;
			running = undefined;
			if (ending?.pid === undefined || hasEnded(ending)) return;
			const ended = once(ending, 'exit');
			process.kill(-ending.pid, 'SIGKILL');
			await ended;
		},
		async close() {
			await server.kill();
		},
		async register({ user, password }) {
			const account = { user, host: 'localhost' };
			let status = await command('register', { ...account, password });
			if (status === 409)
				status = await command('change_password', { ...account, newpass: password });
			if (status !== 200) throw new Error(`ejabberd could not register ${user}: ${status}`);
		},
	};
	await server.start();
	for (const account of accounts) await server.register(account);
	return server;
}

/** Its folder may be gone when somebody reads the error. */
function lastLines(log: string): string {
	return existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(-12).join('\n') : 'no log';
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
	return exitCode !== null || signalCode !== null;
}

/** The folder that Erlang finds it in. */
function library(): string | undefined {
	return ['x86_64', 'aarch64']
		.map((machine) => `/usr/lib/${machine}-linux-gnu`)
		.find((folder) => hasFolder(folder, 'ejabberd-'));
}

function hasFolder(parent: string, prefix: string): boolean {
	return existsSync(parent) && readdirSync(parent).some((name) => name.startsWith(prefix));
}

function configuration({
	root,
	c2s,
	http,
	files,
	maxUpload,
	database,
	settings: { modules = {}, ...options },
}: {
	root: string;
	c2s: number;
	http: number;
	files: number;
	maxUpload: number;
	database: 'sqlite' | 'mnesia';
	settings: EjabberdSettings;
}): object {
	const addresses = Object.values(networkInterfaces()).flatMap((all = []) =>
		all.map(({ address }) => address),
	);
	// Browsers take either for localhost.
	const loopback = ['127.0.0.1', '::1'].filter((address) => addresses.includes(address));
	return {
		hosts: ['localhost'],
		loglevel: 'info',
		auth_password_format: 'scram',
		disable_sasl_mechanisms: ['digest-md5', 'X-OAUTH2'],
		s2s_access: 'none',
		// Who may upload, where nothing else is said.
		acl: { local: { user_regexp: '' } },
		access_rules: { local: { allow: 'local' } },
		registration_timeout: 'infinity',
		...(database === 'mnesia'
			? {}
			: {
					auth_method: 'sql',
					default_db: 'sql',
					sql_type: 'sqlite',
					sql_database: path.join(root, 'ejabberd.db'),
				}),
		api_permissions: {
			harness: {
				from: ['mod_http_api'],
				who: { ip: loopback },
				what: ['status', 'register', 'change_password'],
			},
		},
		listen: loopback.flatMap((ip) => [
			{ port: c2s, ip, module: 'ejabberd_c2s' },
			{
				port: http,
				ip,
				module: 'ejabberd_http',
				request_handlers: {
					'/ws': 'ejabberd_http_ws',
					'/upload': 'mod_http_upload',
					'/api': 'mod_http_api',
				},
			},
		]),
		...options,
		modules: {
			mod_admin_extra: {},
			mod_blocking: {},
			mod_caps: {},
			mod_carboncopy: {},
			mod_client_state: {},
			mod_disco: {},
			mod_http_api: {},
			mod_http_upload: {
				docroot: path.join(root, 'upload'),
				put_url: `http://localhost:${files}/upload`,
				max_size: maxUpload,
				custom_headers: {
					'Access-Control-Allow-Origin': '*',
					'Access-Control-Allow-Methods': 'GET, HEAD, PUT, OPTIONS',
					'Access-Control-Allow-Headers': 'Authorization, Content-Type, Range',
				},
			},
			mod_last: {},
			mod_mam: { default: 'always', assume_mam_usage: true },
			mod_offline: {},
			mod_ping: {},
			mod_privacy: {},
			mod_private: {},
			mod_pubsub: { plugins: ['flat', 'pep'] },
			mod_register: { ip_access: 'all' },
			mod_roster: { versioning: true },
			mod_stream_mgmt: { resend_on_timeout: 'if_offline' },
			mod_vcard: { search: false },
			mod_vcard_xupdate: {},
			mod_version: {},
			...modules,
		},
	};
}
