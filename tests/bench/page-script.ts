import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { build, type Rolldown } from 'vite';
import type { Tab } from '../e2e/browser/browser.ts';
import { openEngine } from '../e2e/fixtures.ts';

/** A module and all that it imports, as one script. */
export async function buildPageScript(entry: string): Promise<string> {
	const built = (await build({
		configFile: false,
		logLevel: 'error',
		define: { __LOOPBACK__: 'true' },
		build: { write: false, lib: { entry, name: 'bench', formats: ['iife'] } },
	})) as Rolldown.RolldownOutput[];
	return built[0]?.output[0].code ?? '';
}

/** An empty page of an engine with a script of ours in it, which puts what it offers on `globalThis`. */
export async function openPageScript(
	engine: string,
	entry: string,
): Promise<{ tab: Tab; close(): Promise<void> }> {
	const script = await buildPageScript(entry);
	const server = http.createServer((request, response) => {
		const isScript = request.url === '/bench.js';
		response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
		response.end(isScript ? script : '<!doctype html><script src="/bench.js"></script>');
	});
	await new Promise<void>((resolve) => server.listen(0, resolve));
	const { port } = server.address() as AddressInfo;
	const session = await openEngine(engine, { onDisk: true, isWhole: true });
	const tab = await session.newTab();
	await tab.goto(`http://localhost:${port}/`);
	return {
		tab,
		async close() {
			await session.close();
			server.close();
		},
	};
}
