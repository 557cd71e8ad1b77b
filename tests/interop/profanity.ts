import { execFileSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { XmppServer } from '../../tools/xmpp-server.ts';
import { makeDeviceListNode } from './device-list-node.ts';
import { until } from './until.ts';

/** A real Profanity in a terminal of tmux, typed into and read from as a person would. */
export class Profanity {
	readonly jid: string;
	readonly home: string;
	readonly #session: string;
	#downloads = 0;
	#losses = 0;

	private constructor(jid: string, home: string, session: string) {
		this.jid = jid;
		this.home = home;
		this.#session = session;
	}

	/** Starts it, signs in without TLS on loopback and makes its OMEMO keys. */
	static async start(server: XmppServer, user: string, password: string): Promise<Profanity> {
		await makeDeviceListNode(server, user, password);
		const home = mkdtempSync(path.join(tmpdir(), 'balcony-profanity-'));
		const config = path.join(home, 'config', 'profanity');
		mkdirSync(config, { recursive: true });
		writeFileSync(path.join(config, 'profrc'), '[ui]\nsplash=false\n');
		const jid = `${user}@localhost`;
		const profanity = new Profanity(jid, home, path.basename(home));
		const environment = [
			`XDG_CONFIG_HOME=${path.join(home, 'config')}`,
			`XDG_DATA_HOME=${path.join(home, 'data')}`,
			'LANG=C.UTF-8',
			'TERM=screen',
		];
		profanity.tmux(
			'new-session',
			'-d',
			'-x',
			'180',
			'-y',
			'50',
			'env',
			...environment,
			'profanity',
		);
		await profanity.shows('Profanity');
		await profanity.type(
			`/connect ${jid} server 127.0.0.1 port ${server.port} tls disable`,
			/password/i,
		);
		await profanity.type(password, 'logged in successfully');
		await profanity.type('/omemo gen', /generated|already/i);
		await profanity.type('/omemo trustmode blind', /blind/);
		await profanity.type('/receipts send on', /receipts/i);
		await profanity.type('/receipts request on', /receipts/i);
		await profanity.type('/reconnect 1', /interval/);
		return profanity;
	}

	/** Types a line; waits until the screen shows something. */
	async type(line: string, shows: string | RegExp = ''): Promise<void> {
		this.tmux('send-keys', '-l', line);
		this.tmux('send-keys', 'Enter');
		if (shows !== '') await this.shows(shows);
	}

	shows(what: string | RegExp): Promise<true> {
		return until(`Profanity shows ${what}`, () => {
			const screen = this.screen();
			return typeof what === 'string' ? screen.includes(what) : what.test(screen);
		}).catch((thrown: Error) => {
			throw new Error(`${thrown.message}\n${this.screen()}`);
		});
	}

	/** Trusts the certificates in a folder, for files that it is to download. */
	async trustCertificates(folder: string): Promise<void> {
		await this.type(`/tls certpath set ${folder}`, /[Cc]ertificate path/);
	}

	/** Writes down what is said encrypted as it is, for `log`. */
	async keepLog(): Promise<void> {
		await this.type('/logging chat on', 'Chat logging enabled');
		await this.type('/omemo log on', 'will be logged as plaintext');
	}

	/** What it wrote down of a conversation, on which a screen would break long lines. */
	log(peer: string): string {
		const [own, other] = [this.jid, peer].map((jid) => jid.replace('@', '_at_'));
		const folder = path.join(this.home, 'data', 'profanity', 'chatlogs', own ?? '', other ?? '');
		if (!existsSync(folder)) return '';
		const days = readdirSync(folder).sort();
		return days.map((day) => readFileSync(path.join(folder, day), 'utf8')).join('');
	}

	/** Downloads and decrypts a link, in the window of a conversation; resolves once it is `size` bytes. */
	async download(uri: string, size: number): Promise<Buffer> {
		this.#downloads += 1;
		const saved = path.join(this.home, `saved-${this.#downloads}`);
		await this.type(`/url save ${uri} ${saved}`);
		await until('saved', () => existsSync(saved) && readFileSync(saved).length >= size).catch(
			() => {
				throw new Error(`nothing was saved: ${this.screen().slice(-2000)}`);
			},
		);
		return readFileSync(saved);
	}

	/** Waits until it is back once more after it lost its server; it tries each second. */
	async reconnected(): Promise<void> {
		this.#losses += 1;
		await until('Profanity is back', () => {
			const times = this.screen().match(/Connection re-established/g) ?? [];
			return times.length >= this.#losses;
		}).catch((thrown: Error) => {
			throw new Error(`${thrown.message}\n${this.screen()}`);
		});
	}

	screen(): string {
		return this.tmux('capture-pane', '-p', '-S', '-300');
	}

	close(): void {
		try {
			this.tmux('kill-session');
		} catch {
			// It has ended by itself.
		}
		rmSync(this.home, { recursive: true, force: true });
	}

	private tmux(command: string, ...args: string[]): string {
		const target = command === 'new-session' ? '-s' : '-t';
		const all = ['-L', 'balcony-tests', command, target, this.#session, ...args];
		return execFileSync('tmux', all, { encoding: 'utf8' });
	}
}
