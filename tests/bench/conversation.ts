import type { Tab } from '../e2e/browser/browser.ts';
import { openPageScript } from './page-script.ts';
import { type Row, rowOf } from './rows.ts';

const ROUNDS = 15;
/** Opens of each that are summed up: one takes a few ticks of WebKit's clock. */
const OPENS = 20;
const MESSAGES = 100_000;
const PART = 5000;

interface Offered {
	conversation: {
		fill(peer: string, from: number, to: number): Promise<void>;
		compare(one: string, other: string, times: number): Promise<number>;
	};
}

/** Opening a conversation with 100,000 stored messages against one with 1,000, in the same database. */
export async function conversationRows(engine: string): Promise<Row[]> {
	const { tab, close } = await openPageScript(engine, 'tests/bench/conversation-page.ts');
	await fillConversation(tab, 'few@b.example', 1000);
	await fillConversation(tab, 'many@b.example', MESSAGES);
	const ratios: number[] = [];
	// The first one warms up.
	for (let round = 0; round <= ROUNDS; round++)
		ratios.push(
			await tab.evaluate(
				(...args) => (globalThis as unknown as Offered).conversation.compare(...args),
				'many@b.example',
				'few@b.example',
				OPENS,
			),
		);
	await close();
	return [rowOf('open_100k_vs_1k', engine, 'ratio', '<=1.5', ratios.slice(1))];
}

/** Fills a conversation in parts: drivers give up on a script that takes too long. */
export async function fillConversation(tab: Tab, peer: string, count: number): Promise<void> {
	for (let from = 0; from < count; from += PART)
		await tab.evaluate(
			(...part) => (globalThis as unknown as Offered).conversation.fill(...part),
			peer,
			from,
			Math.min(from + PART, count),
		);
}
