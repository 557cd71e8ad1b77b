/** `npm run bench`: ratios measured side by side, in each engine; results.json holds the rows. */
import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { build, type Rolldown } from 'vite';
import { openEngine } from '../e2e/fixtures.ts';
import { playbackPairs } from './playback.ts';

interface Row {
	readonly name: string;
	readonly browser: string;
	/** the median */
	readonly value: number;
	readonly unit: string;
	readonly goal: string;
	readonly min: number;
	readonly max: number;
	readonly rounds: number;
}

const ROUNDS = 9;

type Round = Record<'segments' | 'oneShot' | 'native' | 'noble', number>;

const built = (await build({
	configFile: false,
	logLevel: 'error',
	build: {
		write: false,
		lib: { entry: 'tests/bench/decrypt-page.ts', name: 'bench', formats: ['iife'] },
	},
})) as Rolldown.RolldownOutput[];
const script = built[0]?.output[0].code ?? '';
const server = http.createServer((request, response) => {
	const isScript = request.url === '/bench.js';
	response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
	response.end(isScript ? script : '<!doctype html><script src="/bench.js"></script>');
});
await new Promise<void>((resolve) => server.listen(0, resolve));
const { port } = server.address() as AddressInfo;

const rows: Row[] = [];
for (const engine of ['chromium', 'webkit']) {
	const session = await openEngine(engine);
	const tab = await session.newTab();
	await tab.goto(`http://localhost:${port}/`);
	const rounds: Round[] = [];
	// One round a call: drivers give up on a script that takes too long.
	for (let round = 0; round < ROUNDS + 1; round++)
		rounds.push(
			...(await tab.evaluate(() =>
				(globalThis as unknown as { decryptRounds(n: number): Promise<Round[]> }).decryptRounds(1),
			)),
		);
	rounds.shift();
	await session.close();
	const row = (name: string, goal: string, ratios: readonly number[]) => {
		const sorted = ratios.map((ratio) => Math.round(ratio * 100) / 100).sort((x, y) => x - y);
		const [min = 0, max = 0] = [sorted[0], sorted.at(-1)];
		const value = sorted[Math.floor(sorted.length / 2)] ?? 0;
		rows.push({
			name,
			browser: engine,
			value,
			unit: 'ratio',
			goal,
			min,
			max,
			rounds: ratios.length,
		});
	};
	const ratio = (name: string, over: keyof Round, goal: string) =>
		row(
			name,
			goal,
			rounds.map((round) => round[over] / round.segments),
		);
	ratio('decrypt_vs_oneshot', 'oneShot', engine === 'chromium' ? '>=1.5' : 'reported');
	ratio('decrypt_vs_native', 'native', '>=0.6');
	ratio('decrypt_vs_noble', 'noble', 'reported');
	const pairs = await playbackPairs(engine, ROUNDS);
	row(
		'ttff_vs_plain',
		'<=1.25',
		pairs.map(({ plain, ours }) => ours.first / plain.first),
	);
	row(
		'seek_vs_plain',
		'<=1.5',
		pairs.map(({ plain, ours }) => ours.seek / plain.seek),
	);
}
server.close();
mkdirSync('tests/bench', { recursive: true });
writeFileSync('tests/bench/results.json', `${JSON.stringify(rows, null, '\t')}\n`);
console.table(rows);
process.exit(0);
