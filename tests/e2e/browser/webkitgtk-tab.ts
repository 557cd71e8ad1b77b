import { writeFile } from 'node:fs/promises';
import { callOf, type Tab } from './browser.ts';
import type { Driver } from './webdriver.ts';

/** Where a tab is: the driver, its session's path and the window. */
export interface Window {
	readonly driver: Driver;
	readonly at: string;
	readonly handle: string;
}

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const KEYS: Record<string, string> = {
	Backspace: '\uE003',
	Tab: '\uE004',
	Enter: '\uE007',
	Escape: '\uE00C',
	Space: ' ',
	End: '\uE010',
	Home: '\uE011',
	ArrowLeft: '\uE012',
	ArrowUp: '\uE013',
	ArrowRight: '\uE014',
	ArrowDown: '\uE015',
	Delete: '\uE017',
};

/** A window as a tab; `lines` gets what its page writes to its console. */
export function tabOf(window: Window, lines: string[]): Tab {
	const { driver, at } = window;
	const command = async (method: 'GET' | 'POST' | 'DELETE', to: string, body?: unknown) => {
		await driver.command('POST', `${at}/window`, { handle: window.handle });
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
	const type: Tab['type'] = async (selector, text) => {
		await command('POST', `/element/${await find(selector)}/value`, { text });
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
		type,
		insert: type,
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
		async mouse(action, selector, byX = 0) {
			const origin = { [ELEMENT]: await find(selector) };
			const move = { type: 'pointerMove', duration: 0, x: byX, y: 0, origin };
			const press = action === 'down' ? 'pointerDown' : 'pointerUp';
			const actions = action === 'move' ? [move] : [move, { type: press, button: 0 }];
			await command('POST', '/actions', {
				actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }],
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
	.then((value) => finish({ value }), (error) => finish({ error: String(error) }));
`;
