import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { startCuttingLine } from '../interop/cutting-line.ts';
import { openPageScript } from './page-script.ts';
import { descendantsOf, proportionalSize } from './process-memory.ts';
import { type Row, rowOf } from './rows.ts';

const MIB = 2 ** 20;
const ROUNDS = 5;
const MEMORY_ROUNDS = 3;
/** Bytes. */
const LARGE = 200e6;
/** WebKitGTK gives an automated session no room for 1 GiB. */
const HUGE: Record<string, [name: string, size: number, goal: string]> = {
	chromium: ['share_heap_growth_mib', 1024 * MIB, '<=64'],
	webkit: ['share_heap_growth_256_mib', 256 * MIB, 'reported'],
};
/** Bytes a second: 20 Mbit/s. */
const RATE = 2.5e6;
/** Milliseconds. */
const SETTLE = 4000;
const SAMPLE_INTERVAL = 100;

interface Offered {
	readonly share: {
		encrypt(): Promise<number>;
		overhead(url: string, length: number): Promise<number>;
		latency(url: string): Promise<number>;
		stream(url: string, size: number): Promise<void>;
	};
}

/** What sharing costs: encryption, and time over a plain upload of the same bytes. */
export async function shareRows(engine: string): Promise<Row[]> {
	const server = await startSink();
	const line = await startCuttingLine(server.port, RATE);
	const { tab, close } = await openPageScript(engine, 'tests/bench/share-page.ts');
	try {
		const encrypting: number[] = [];
		const overheads: number[] = [];
		const latencies: number[] = [];
		// The first one warms up.
		for (let round = 0; round <= ROUNDS; round++) {
			encrypting.push(await tab.evaluate(() => (globalThis as unknown as Offered).share.encrypt()));
			overheads.push(
				await tab.evaluate(
					(...args) => (globalThis as unknown as Offered).share.overhead(...args),
					`http://localhost:${server.port}/large`,
					LARGE,
				),
			);
			latencies.push(
				await tab.evaluate(
					(url) => (globalThis as unknown as Offered).share.latency(url),
					`http://localhost:${line.port}/photo`,
				),
			);
		}
		return [
			rowOf(
				'encrypt_vs_oneshot',
				engine,
				'ratio',
				engine === 'chromium' ? '>=1.5' : 'reported',
				encrypting.slice(1),
			),
			rowOf('upload_overhead', engine, 'ratio', 'reported', overheads.slice(1)),
			rowOf('send_latency_vs_plain', engine, 'ratio', '<=1.3', latencies.slice(1)),
		];
	} finally {
		await close();
		await line.close();
		await server.close();
	}
}

/** Growth of all the browser's processes while a large file is encrypted, kept and uploaded, in a browser of its own each time. */
export async function shareMemoryRows(engine: string): Promise<Row[]> {
	const server = await startSink();
	const [name = '', size = 0, goal = ''] = HUGE[engine] ?? [];
	const growths: number[] = [];
	for (let round = 0; round < MEMORY_ROUNDS; round++) {
		const { tab, close } = await openPageScript(engine, 'tests/bench/share-page.ts');
		await pause(SETTLE);
		const before = used();
		let peak = before;
		const sampling = setInterval(() => {
			peak = Math.max(peak, used());
		}, SAMPLE_INTERVAL);
		await tab
			.evaluate(
				(...args) => (globalThis as unknown as Offered).share.stream(...args),
				`http://localhost:${server.port}/huge`,
				size,
			)
			.finally(() => clearInterval(sampling));
		growths.push(peak - before);
		await close();
	}
	await server.close();
	return [rowOf(name, engine, 'MiB', goal, growths)];
}

/** Takes what is put there, and says how much that was. */
async function startSink(): Promise<{ port: number; close(): Promise<void> }> {
	const lengths = new Map<string, number>();
	const server = http.createServer(async (request, response) => {
		response.setHeader('Access-Control-Allow-Origin', '*');
		response.setHeader('Access-Control-Allow-Methods', 'PUT, HEAD');
		response.setHeader('Access-Control-Allow-Headers', 'Content-Type');
		const path = request.url ?? '';
		if (request.method === 'PUT') {
			let length = 0;
			for await (const chunk of request) length += (chunk as Buffer).length;
			lengths.set(path, length);
			response.writeHead(201);
		} else if (request.method === 'HEAD')
			response.setHeader('Content-Length', lengths.get(path) ?? 0);
		response.end();
	});
	server.listen(0);
	await once(server, 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

function used(): number {
	const [, ...others] = descendantsOf(process.pid);
	return others.reduce((sum, pid) => sum + proportionalSize(pid), 0) / MIB;
}

function pause(time: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, time));
}
