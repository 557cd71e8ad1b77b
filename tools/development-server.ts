import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { build, type Plugin } from 'vite';
import { commonHeaders, workerPolicy } from './security-headers.ts';

/**
 * What a host of ours does, for Vite's development server: the headers, host-meta, 404 under `/media/`, and the Service
 * Worker, which is built as one script when it is asked for. A new one takes over at once, and the page is reloaded.
 */
export function developmentServer(websocket: () => string | undefined): Plugin {
	let worker: Promise<string> | undefined;
	/** The files of which it was made: a change of one of them builds it anew. */
	const sources = new Set<string>();
	return {
		name: 'development-server',
		apply: 'serve',
		configureServer(server) {
			server.watcher.on('all', (_, file) => {
				if (!sources.has(path.normalize(file))) return;
				worker = undefined;
				server.ws.send({ type: 'full-reload' });
			});
			server.middlewares.use((request, response, next) => {
				const { pathname } = new URL(request.url ?? '/', 'http://host');
				for (const [name, value] of Object.entries(commonHeaders({ development: true })))
					response.setHeader(name, value);
				if (pathname.startsWith('/media/')) return void response.writeHead(404).end();
				if (pathname === '/.well-known/host-meta.json')
					return answerHostMeta(response, websocket());
				if (pathname !== '/sw.js') return next();
				worker ??= buildWorker(sources);
				worker.then(
					(code) => {
						response.setHeader('Content-Security-Policy', workerPolicy({ loopback: true }));
						response.setHeader('Cache-Control', 'no-cache');
						response.setHeader('Content-Type', 'text/javascript; charset=utf-8').end(code);
					},
					(thrown: unknown) => {
						worker = undefined;
						next(thrown);
					},
				);
			});
		},
	};
}

/** XEP-0156 section 3.2. */
function answerHostMeta(response: ServerResponse, websocket: string | undefined): void {
	if (websocket === undefined) return void response.writeHead(404).end();
	const link = { rel: 'urn:xmpp:alt-connections:websocket', href: websocket };
	response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ links: [link] }));
}

/** Adds the files that it reads to `sources`, also one in which there is a mistake. */
async function buildWorker(sources: Set<string>): Promise<string> {
	const output = await build({
		configFile: false,
		logLevel: 'warn',
		plugins: [
			{
				name: 'worker-sources',
				load(file) {
					sources.add(path.normalize(file));
				},
			},
		],
		define: {
			__LOOPBACK__: 'true',
			// Nothing is precached: pages come from Vite.
			'self.__WB_MANIFEST': '[]',
			'process.env.NODE_ENV': '"production"',
		},
		build: {
			write: false,
			minify: false,
			copyPublicDir: false,
			target: 'es2023',
			rolldownOptions: { input: 'sw/main.ts', output: { format: 'iife', codeSplitting: false } },
		},
	});
	const [result] = [output].flat();
	const code = result !== undefined && 'output' in result ? result.output[0].code : undefined;
	if (code === undefined) throw new Error('the worker was not built');
	return `self.addEventListener('install', () => self.skipWaiting());\n${code}`;
}
