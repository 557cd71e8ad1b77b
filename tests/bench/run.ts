/** `npm run bench`: ratios measured side by side, in each engine; results.json holds the rows. */
import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { build, type Rolldown } from 'vite';
import { openEngine } from '../e2e/fixtures.ts';

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
	const ratio = (name: string, over: keyof Round, goal: string) => {
		const values = rounds.map((round) => round[over] / round.segments).sort((a, b) => a - b);
		const [min = 0, max = 0] = [values[0], values.at(-1)];
		const value = values[Math.floor(values.length / 2)] ?? 0;
		const round = (figure: number) => Math.round(figure * 100) / 100;
		const figures = { value: round(value), min: round(min), max: round(max) };
		rows.push({ name, browser: engine, unit: 'ratio', goal, rounds: rounds.length, ...figures });
	};
	ratio('decrypt_vs_oneshot', 'oneShot', engine === 'chromium' ? '>=1.5' : 'reported');
	ratio('decrypt_vs_native', 'native', '>=0.6');
	ratio('decrypt_vs_noble', 'noble', 'reported');
}
server.close();
mkdirSync('tests/bench', { recursive: true });
writeFileSync('tests/bench/results.json', `${JSON.stringify(rows, null, '\t')}\n`);
console.table(rows);
process.exit(0);
