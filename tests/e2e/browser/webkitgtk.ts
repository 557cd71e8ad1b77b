import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrowserSession, callOf, type Tab } from './browser.ts';
import { type Driver, startDriver } from './webdriver.ts';

const MINI_BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const KEYS: Record<string, string> = {
	Enter: '\uE007',
	Escape: '\uE00C',
	Tab: '\uE004',
	Space: ' ',
	ArrowRight: '\uE014',
	ArrowLeft: '\uE012',
};

/** WebKitGTK's MiniBrowser with a home of its own. Consoles: what pages write after the first look. */
export async function openWebkitgtk(): Promise<BrowserSession> {
	const home = await mkdtemp(path.join(tmpdir(), 'balcony-webkit-'));
	const downloads = path.join(home, 'Downloads');
	mkdirSync(downloads);
	mkdirSync(path.join(home, '.config'));
	writeFileSync(path.join(home, '.config', 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
	const driver = await startDriver(
		['xvfb-run', '-a', '-s', '-screen 0 1400x1000x24', 'WebKitWebDriver'],
		{
			HOME: home,
			XDG_CONFIG_HOME: path.join(home, '.config'),
			XDG_DATA_HOME: path.join(home, '.local', 'share'),
			XDG_CACHE_HOME: path.join(home, '.cache'),
			WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
			LIBGL_ALWAYS_SOFTWARE: '1',
			NO_AT_BRIDGE: '1',
			GST_PLUGIN_FEATURE_RANK:
				'alsasink:NONE,openalsink:NONE,pulsesink:NONE,osssink:NONE,oss4sink:NONE,jackaudiosink:NONE',
		},
		path.join(home, 'driver.log'),
	);
	const { sessionId } = (await driver.command('POST', '/session', {
		capabilities: {
			alwaysMatch: {
				'webkitgtk:browserOptions': {
					binary: process.env['BALCONY_MINIBROWSER'] ?? MINI_BROWSER,
					args: ['--automation'],
				},
			},
		},
	})) as { sessionId: string };
	const at = `/session/${sessionId}`;
	await driver.command('POST', `${at}/timeouts`, { script: 60_000, pageLoad: 30_000 });
	const lines: string[] = [];
	let first = true;
	return {
		engine: 'webkit',
		async newTab() {
			if (!first) {
				const { handle } = (await driver.command('POST', `${at}/window/new`, {
					type: 'tab',
				})) as { handle: string };
				return tabOf(driver, at, handle, lines);
			}
			first = false;
			const handle = (await driver.command('GET', `${at}/window`)) as string;
			return tabOf(driver, at, handle, lines);
		},
		saved: (action) => savedFile(downloads, action),
		killWorker: () => killWorker(home),
		consoleLines: () => lines,
		async close() {
			await driver.command('DELETE', at).catch(() => undefined);
			await driver.stop();
			await rm(home, { recursive: true, force: true, maxRetries: 5 });
		},
	};
}

function tabOf(driver: Driver, at: string, handle: string, lines: string[]): Tab {
	const command = async (method: 'GET' | 'POST' | 'DELETE', to: string, body?: unknown) => {
		await driver.command('POST', `${at}/window`, { handle });
		return driver.command(method, at + to, body);
	};
	const find = async (selector: string): Promise<string> => {
		for (let tries = 0; ; tries++) {
			try {
				const found = await command('POST', '/element', {
					using: 'css selector',
					value: selector,
				});
				return (found as Record<string, string>)[ELEMENT] ?? '';
			} catch (thrown) {
				if (tries >= 200) throw thrown;
				await new Promise((resolve) => setTimeout(resolve, 50));
			}
		}
	};
	const evaluate: Tab['evaluate'] = async (fn, ...args) => {
		const result = (await command('POST', '/execute/async', {
			script: script(callOf(fn, args)),
			args: [],
		})) as { value?: unknown; error?: string; lines: string[] };
		lines.push(...result.lines);
		if (result.error !== undefined) throw new Error(result.error);
		return result.value as never;
	};
	return {
		evaluate,
		async goto(url) {
			await command('POST', '/url', { url });
		},
		async reload() {
			await command('POST', '/refresh');
		},
		async click(selector) {
			await command('POST', `/element/${await find(selector)}/click`);
		},
		async type(selector, text) {
			await command('POST', `/element/${await find(selector)}/value`, { text });
		},
		async press(key) {
			const value = KEYS[key] ?? key;
			const actions = [
				{ type: 'keyDown', value },
				{ type: 'keyUp', value },
			];
			await command('POST', '/actions', {
				actions: [{ type: 'key', id: 'keyboard', actions }],
			});
		},
		async resize(width, height) {
			await command('POST', '/window/rect', { width, height });
		},
		async screenshot(file) {
			await writeFile(file, String(await command('GET', '/screenshot')), 'base64');
		},
		async close() {
			await command('DELETE', '/window');
		},
	};
}

/** Runs in the page; also begins to listen to its console, and hands over what was written. */
const script = (call: string) => `
const [done] = arguments;
const lines = (window.__lines ??= (() => {
	const kept = [];
	for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
		const write = console[level];
		console[level] = (...words) => { kept.push(words.map(String).join(' ')); write.apply(console, words); };
	}
	addEventListener('error', (event) => kept.push(String(event.message)));
	addEventListener('unhandledrejection', (event) => kept.push(String(event.reason)));
	return kept;
})());
const finish = (result) => done({ ...result, lines: lines.splice(0) });
(async () => (await ${call}) ?? null)()
	.then((value) => finish({ value }), (error) => finish({ error: String(error && error.stack || error) }));
`;

/** MiniBrowser saves into the download folder, under a name of its own while it loads. */
async function savedFile(
	folder: string,
	action: () => Promise<void>,
): Promise<{ name: string; bytes: Buffer }> {
	const before = new Set(readdirSync(folder));
	await action();
	for (let tries = 0; tries < 400; tries++) {
		await new Promise((resolve) => setTimeout(resolve, 50));
		const name = readdirSync(folder).find((file) => !before.has(file));
		if (name === undefined || /\.(?:wkdownload|part)$/.test(name)) continue;
		const size = async () => (await stat(path.join(folder, name))).size;
		const now = await size();
		await new Promise((resolve) => setTimeout(resolve, 300));
		if ((await size()) !== now) continue;
		return { name, bytes: await readFile(path.join(folder, name)) };
	}
	throw new Error('nothing was saved');
}

/** The worker lives in a web process of its own, told by the name of its thread; ours, by its home. */
async function killWorker(home: string): Promise<void> {
	const killed = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isWorker(pid, home));
	if (killed.length === 0) throw new Error('no process runs the worker');
	for (const pid of killed) process.kill(Number(pid), 'SIGKILL');
}

function isWorker(pid: string, home: string): boolean {
	try {
		if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('WebKitWebProcess')) return false;
		if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${home}`)) return false;
		const threads = readdirSync(`/proc/${pid}/task`);
		const names = threads.map((id) => readFileSync(`/proc/${pid}/task/${id}/comm`, 'utf8'));
		return names.some((name) => name.includes('ServiceWorker'));
	} catch {
		return false;
	}
}
