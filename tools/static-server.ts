import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { commonHeaders, workerPolicy } from './security-headers.ts';

const TYPES: Record<string, string> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.svg': 'image/svg+xml',
	'.png': 'image/png',
	'.webmanifest': 'application/manifest+json',
	'.txt': 'text/plain; charset=utf-8',
};

export interface StaticServer {
	readonly origin: string;
	/** paths asked for, in order, with their query */
	readonly requests: readonly string[];
	/** Goes offline: stops listening and cuts every connection. */
	pause(): Promise<void>;
	resume(): Promise<void>;
	/** Names a WebSocket to who looks for the server of this host (XEP-0156 section 3.2). */
	name(websocket: string | undefined): void;
	/** Puts a script in front of each of the app's own, the worker's too: for a browser that refuses something. */
	prelude(script: string): void;
	/** Answers for a path wait until what it returns is called. */
	hold(pathname: string): () => void;
	close(): Promise<void>;
}

/** Serves a build as the examples under deploy/ do: the same headers, the same refusals. */
export async function startStaticServer({
	root,
	port = 0,
	loopback = false,
}: {
	root: string;
	port?: number;
	loopback?: boolean;
}): Promise<StaticServer> {
	let websocket: string | undefined;
	const requests: string[] = [];
	const sockets = new Set<Socket>();
	let prelude = '';
	const held = new Map<string, Promise<void>>();
	const server = http.createServer(async (request, response) => {
		requests.push(request.url ?? '');
		if (websocket !== undefined && request.url === '/.well-known/host-meta.json') {
			const link = { rel: 'urn:xmpp:alt-connections:websocket', href: websocket };
			response.writeHead(200, { 'Content-Type': 'application/json' });
			response.end(JSON.stringify({ links: [link] }));
			return;
		}
		await held.get(request.url ?? '');
		answer(request, response, path.resolve(root), { loopback, prelude }).catch(() =>
			response.destroy(),
		);
	});
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	const listen = (at: number) =>
		new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen({ port: at, host: '::', ipv6Only: false }, () => {
				server.off('error', reject);
				resolve();
			});
		});
	await listen(port);
	const bound = (server.address() as AddressInfo).port;
	const pause = () =>
		new Promise<void>((resolve) => {
			server.close(() => resolve());
			for (const socket of sockets) socket.destroy();
		});
	return {
		origin: `http://localhost:${bound}`,
		requests,
		pause,
		name(found) {
			websocket = found;
		},
		prelude(script) {
			prelude = script;
		},
		hold(pathname) {
			let release = () => {};
			held.set(
				pathname,
				new Promise((resolve) => {
					release = resolve;
				}),
			);
			return () => {
				held.delete(pathname);
				release();
			};
		},
		resume: () => listen(bound),
		close: pause,
	};
}

async function answer(
	request: http.IncomingMessage,
	response: http.ServerResponse,
	root: string,
	{ loopback, prelude }: { loopback: boolean; prelude: string },
): Promise<void> {
	const headers = commonHeaders({ loopback });
	const refuse = (status: number, more: Record<string, string> = {}) => {
		// What was shared is not read, let alone kept.
		request.resume();
		response.writeHead(status, { ...headers, ...more, 'Content-Length': '0' }).end();
	};
	const { pathname } = new URL(request.url ?? '/', 'http://host');
	if (pathname.startsWith('/media/')) return refuse(404);
	if (request.method !== 'GET' && request.method !== 'HEAD')
		return refuse(405, { Allow: 'GET, HEAD' });
	const file = fileFor(root, pathname);
	const type = TYPES[path.extname(file ?? '')];
	const content =
		file === undefined || type === undefined
			? undefined
			: await readFile(file).catch(() => undefined);
	if (content === undefined || type === undefined) return refuse(404);
	const body =
		prelude !== '' && pathname.endsWith('.js')
			? Buffer.concat([Buffer.from(`${prelude}\n`), content])
			: content;
	headers['Content-Type'] = type;
	headers['Content-Length'] = `${body.length}`;
	headers['Cache-Control'] = cachingOf(pathname);
	if (pathname === '/sw.js') headers['Content-Security-Policy'] = workerPolicy({ loopback });
	response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : body);
}

/** How long what the build names by its contents may be kept, and that all else is asked for anew. */
function cachingOf(pathname: string): string {
	return pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

function fileFor(root: string, pathname: string): string | undefined {
	let decoded: string;
	try {
		decoded = decodeURIComponent(pathname);
	} catch {
		return undefined;
	}
	const file = path.resolve(root, `.${decoded === '/' ? '/index.html' : decoded}`);
	return file.startsWith(root + path.sep) && !decoded.includes('\0') ? file : undefined;
}
