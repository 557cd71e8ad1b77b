import { openPageScript } from './page-script.ts';
import { type Row, rowOf } from './rows.ts';

const ROUNDS = 9;

type Round = Record<'ours' | 'libsignal' | 'one' | 'twenty', number>;

/** A message through the ratchet against another implementation, and to twenty devices against one. */
export async function ratchetRows(engine: string): Promise<Row[]> {
	const { tab, close } = await openPageScript(engine, 'tests/bench/ratchet-page.ts');
	const rounds: Round[] = [];
	for (let round = 0; round < ROUNDS + 1; round++)
		rounds.push(
			await tab.evaluate(() =>
				(globalThis as unknown as { ratchetRound(): Promise<Round> }).ratchetRound(),
			),
		);
	await close();
	// The first one warms up.
	rounds.shift();
	const row = (name: string, goal: string, over: keyof Round, under: keyof Round) =>
		rowOf(
			name,
			engine,
			'ratio',
			goal,
			rounds.map((round) => round[over] / round[under]),
		);
	return [
		row('ratchet_ms_vs_libsignal_ts', '<=0.25', 'ours', 'libsignal'),
		row('fanout_20_devices_vs_1', '<=22', 'twenty', 'one'),
		rowOf(
			'ratchet_ms',
			engine,
			'ms',
			'reported',
			rounds.map(({ ours }) => ours),
		),
	];
}
