import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { build, type Rolldown } from 'vite';
import { openEngine } from '../e2e/fixtures.ts';
import { type Row, rowOf } from './rows.ts';

const ROUNDS = 9;

type Round = Record<'segments' | 'oneShot' | 'native' | 'noble', number>;

/** Throughput of authenticated decryption by segments against three other ways. */
export async function decryptRows(engine: string): Promise<Row[]> {
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
	server.close();
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
