import { startStaticServer } from '../../tools/static-server.ts';
import { type Tab, waitFor } from '../e2e/browser/browser.ts';
import { openEngine } from '../e2e/fixtures.ts';
import { fillConversation } from './conversation.ts';
import { buildPageScript } from './page-script.ts';
import { descendantsOf, writtenSize } from './process-memory.ts';
import { type Row, rowOf } from './rows.ts';

const MIB = 2 ** 20;
const ROUNDS = 3;
const MESSAGES = 100_000;
/** Times that more is paged in: some 2,400 messages up, and down again. */
const PAGES = 40;
/** Milliseconds until a browser has come to rest. */
const SETTLE = 4000;

const NONE = 'none@b.example';
const MANY = 'many@b.example';

interface Offered {
	conversation?: {
		enter(...peers: string[]): Promise<void>;
	};
}

/**
 * What a conversation of 100,000 messages takes: what all the browser's processes have written to after it was opened,
 * scrolled up through thousands of messages and down again, less that with an empty one open, in the same app and run.
 */
export async function conversationMemoryRows(engine: string): Promise<Row[]> {
	const growths: number[] = [];
	for (let round = 0; round < ROUNDS; round++) growths.push(await growth(engine));
	return [rowOf('memory_100k_mib', engine, 'MiB', '<=80', growths)];
}

async function growth(engine: string): Promise<number> {
	const app = await startStaticServer({ root: 'dist-local', loopback: true });
	const script = await buildPageScript('tests/bench/conversation-page.ts');
	app.prelude(`if (globalThis.document) { ${script} }`);
	const session = await openEngine(engine, { onDisk: true, isWhole: true });
	try {
		const tab = await session.newTab();
		await tab.goto(app.origin);
		await waitFor(tab, () => (globalThis as Offered).conversation !== undefined, []);
		await fillConversation(tab, MANY, MESSAGES);
		await tab.evaluate(
			(...peers) => (globalThis as Offered).conversation?.enter(...peers),
			NONE,
			MANY,
		);
		app.prelude('');
		await tab.goto(`${app.origin}/?`);
		await open(tab, NONE);
		await pause(SETTLE);
		const before = size();
		await open(tab, MANY);
		await waitFor(tab, () => document.querySelectorAll('[data-testid=message]').length >= 60, []);
		for (const end of ['top', 'bottom'] as const)
			for (let page = 0; page < PAGES; page++) await scroll(tab, end);
		await pause(SETTLE);
		return size() - before;
	} finally {
		await session.close();
		await app.close();
	}
}

async function open(tab: Tab, peer: string): Promise<void> {
	await waitFor(
		tab,
		(jid) => {
			const row = `[data-testid=conversation][data-peer="${jid}"]`;
			document.querySelector<HTMLElement>(row)?.click();
			const page = `[data-testid=conversation-page][data-peer="${jid}"]`;
			return document.querySelector(page) !== null;
		},
		[peer],
	);
}

/** Scrolls to an end of what is there, until more has come. */
async function scroll(tab: Tab, end: 'top' | 'bottom'): Promise<void> {
	const edge = () =>
		tab.evaluate((which) => {
			const all = [...document.querySelectorAll<HTMLElement>('[data-testid=message]')];
			return all.at(which === 'top' ? 0 : -1)?.dataset['key'] ?? '';
		}, end);
	const before = await edge();
	await waitFor(
		tab,
		(which, key) => {
			const list = document.querySelector<HTMLElement>('[data-testid=messages]');
			list?.scrollTo({ top: which === 'top' ? 0 : list.scrollHeight });
			const all = [...document.querySelectorAll<HTMLElement>('[data-testid=message]')];
			const now = all.at(which === 'top' ? 0 : -1)?.dataset['key'];
			const isNewest = document.querySelector('.to-newest') === null;
			return now !== key || (which === 'bottom' && isNewest);
		},
		[end, before] as const,
	);
}

function size(): number {
	const [own, ...others] = descendantsOf(process.pid);
	if (own === undefined) return 0;
	return others.reduce((sum, pid) => sum + writtenSize(pid), 0) / MIB;
}

function pause(time: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, time));
}
