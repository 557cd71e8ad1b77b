import { openPageScript } from './page-script.ts';
import { type Row, rowOf } from './rows.ts';

const ROUNDS = 9;

type Round = Record<'segments' | 'oneShot' | 'native' | 'noble', number>;

/** Throughput of authenticated decryption by segments against three other ways. */
export async function decryptRows(engine: string): Promise<Row[]> {
	const { tab, close } = await openPageScript(engine, 'tests/bench/decrypt-page.ts');
	const rounds: Round[] = [];
	// One round a call: drivers give up on a script that takes too long.
	for (let round = 0; round < ROUNDS + 1; round++)
		rounds.push(
			...(await tab.evaluate(() =>
				(globalThis as unknown as { decryptRounds(n: number): Promise<Round[]> }).decryptRounds(1),
			)),
		);
	rounds.shift();
	await close();
	const row = (name: string, over: keyof Round, goal: string) =>
		rowOf(
			name,
			engine,
			'ratio',
			goal,
			rounds.map((round) => round[over] / round.segments),
		);
	return [
		row('decrypt_vs_oneshot', 'oneShot', engine === 'chromium' ? '>=1.5' : 'reported'),
		row('decrypt_vs_native', 'native', '>=0.6'),
		row('decrypt_vs_noble', 'noble', 'reported'),
	];
}
