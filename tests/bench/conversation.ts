import { openPageScript } from './page-script.ts';
import { type Row, rowOf } from './rows.ts';

const ROUNDS = 15;
const PARTS = 20;

interface Offered {
	conversation: {
		fill(peer: string, count: number): Promise<number>;
		open(peer: string): Promise<number>;
	};
}

/** Opening a conversation with 100,000 stored messages against one with 1,000, in the same database. */
export async function conversationRows(engine: string): Promise<Row[]> {
	const { tab, close } = await openPageScript(engine, 'tests/bench/conversation-page.ts');
	const fill = (peer: string, count: number) =>
		tab.evaluate(
			(who, much) => (globalThis as unknown as Offered).conversation.fill(who, much),
			peer,
			count,
		);
	const open = (peer: string) =>
		tab.evaluate((who) => (globalThis as unknown as Offered).conversation.open(who), peer);
	await fill('few@b.example', 1000);
	// In parts: drivers give up on a script that takes too long.
	for (let part = 0; part < PARTS; part++) await fill('many@b.example', 100_000 / PARTS);
	const ratios: number[] = [];
	for (let round = 0; round <= ROUNDS; round++) {
		const few = await open('few@b.example');
		const many = await open('many@b.example');
		if (round > 0) ratios.push(many / few);
	}
	await close();
	return [rowOf('open_100k_vs_1k', engine, 'ratio', '<=1.5', ratios)];
}
