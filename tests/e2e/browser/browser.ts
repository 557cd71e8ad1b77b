export interface SessionOptions {
	readonly colorScheme?: 'light' | 'dark';
	/** Chromium: one that beeps, which pages may use, or may not; the others have none */
	readonly microphone?: 'allowed' | 'denied';
	/** what the browser keeps lies on the disk, as it does with people, also where automated ones keep it in memory */
	readonly onDisk?: boolean;
	/** Chromium as people have it, for what is measured; specs have the engine alone, which starts sooner */
	readonly isWhole?: boolean;
}

/** What the specs need of a browser; written once, run in each engine. */
export interface BrowserSession {
	readonly engine: 'chromium' | 'webkit';
	newTab(): Promise<Tab>;
	/** Runs an action and resolves to the file that the browser saves because of it. */
	saved(action: () => Promise<void>): Promise<{ name: string; bytes: Buffer }>;
	/** Kills the service worker; undefined where the engine has no way to. */
	readonly killWorker: ((tab: Tab) => Promise<void>) | undefined;
	/** Chooses files that lie on the disk, with the picker that a click opens; undefined where the engine has no way to. */
	readonly chooseFiles:
		| ((tab: Tab, selector: string, paths: readonly string[]) => Promise<void>)
		| undefined;
	/** Everything written to the consoles of pages and workers so far, as far as the engine tells. */
	consoleLines(): readonly string[];
	close(): Promise<void>;
}

/** One page. Functions run in the page: they see their arguments and nothing else. */
export interface Tab {
	goto(url: string): Promise<void>;
	reload(): Promise<void>;
	evaluate<A extends readonly unknown[], R>(
		fn: (...args: A) => R | Promise<R>,
		...args: A
	): Promise<R>;
	/** Clicks as a person would. */
	click(selector: string): Promise<void>;
	/** Types with real keys into a field. */
	type(selector: string, text: string): Promise<void>;
	/** The same as if it were pasted, where the engine can. */
	insert(selector: string, text: string): Promise<void>;
	press(key: string): Promise<void>;
	/** Moves the mouse to the middle of an element, and further, and presses or lets go there. */
	mouse(action: 'down' | 'move' | 'up', selector: string, byX?: number): Promise<void>;
	resize(width: number, height: number): Promise<void>;
	screenshot(path: string): Promise<void>;
	close(): Promise<void>;
}

const TIMEOUT = 20_000;
/** Milliseconds between two looks at something that is waited for. */
export const INTERVAL = 50;

/** Waits until a predicate in the page holds; its value. Throws with the last one after `timeout` ms. */
export async function waitFor<A extends readonly unknown[], R>(
	tab: Tab,
	fn: (...args: A) => R | Promise<R>,
	args: A,
	timeout = TIMEOUT,
): Promise<R> {
	const end = Date.now() + timeout;
	for (;;) {
		try {
			const value = await tab.evaluate(fn, ...args);
			if (value) return value;
		} catch (thrown) {
			// The page may be on its way to another.
			if (Date.now() > end) throw thrown;
		}
		if (Date.now() > end) throw new Error(`never became true: ${fn.toString().slice(0, 300)}`);
		await new Promise((resolve) => setTimeout(resolve, INTERVAL));
	}
}

/** A call as source text: the page's policy forbids eval, and what drives the browser is not bound by it. */
export function callOf(fn: (...args: never[]) => unknown, args: readonly unknown[]): string {
	const values = JSON.stringify(args)
		.replaceAll('\u2028', '\\u2028')
		.replaceAll('\u2029', '\\u2029');
	// Some compilers leave calls to this helper in functions that have a name.
	return `(() => { const __name = (named) => named; return (${fn.toString()})(...${values}); })()`;
}
