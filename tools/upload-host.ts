import { createReadStream } from 'node:fs';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { createShaper, type Shaper } from './upload-host/shaper.ts';

/** How a host answers for one file: like real hosts, and like broken and hostile ones. Offsets in bytes. */
export interface HostBehaviour {
	/** `full` (RFC 9110), `ignored` (ejabberd: always 200), `prosody` (0.12: only bytes=N- with N > 0, off by one) */
	ranges?: 'full' | 'ignored' | 'prosody';
	contentRange?: 'right' | 'wrong' | 'absent';
	/** Access-Control-Expose-Headers for Content-Range, ETag and Retry-After */
	expose?: boolean;
	cors?: boolean;
	/** answered instead, `times` times or always */
	status?: number;
	retryAfter?: number;
	times?: number;
	/** a number is announced whatever is sent */
	contentLength?: 'right' | 'absent' | number;
	/** `asked`: where the request accepts it; `always`: also where it does not */
	gzip?: 'asked' | 'always';
	contentType?: string;
	etag?: string;
	redirect?: string;
	/** bytes of body after which nothing more comes */
	stallAfter?: number;
	/** bytes of body after which the connection is cut; a list is used up, an answer each */
	cutAfter?: number | number[];
	/** bytes of body after which the answer ends as if that were all */
	endAfter?: number;
	/** flips a bit of the byte at this offset of the file */
	corrupt?: { at: number };
}

/** A file's bytes: at hand, or read as they are needed. */
export type HostBody = Uint8Array | { readonly file: string; readonly size: number };

export interface LoggedRequest {
	readonly method: string;
	readonly path: string;
	readonly range: string | undefined;
	readonly headers: http.IncomingHttpHeaders;
	status: number;
	sent: number;
	/** the answer has not ended yet, nor has the client gone */
	open: boolean;
}

export interface UploadHost {
	readonly origin: string;
	readonly port: number;
	readonly requests: readonly LoggedRequest[];
	/** Stores a file; its address. */
	put(path: string, body: HostBody, behaviour?: HostBehaviour): string;
	behave(path: string, behaviour: HostBehaviour): void;
	body(path: string): HostBody;
	replace(path: string, body: HostBody): void;
	/** Shapes all answers together, those under way, too; undefined for as fast as it goes. */
	shape(rate: { bitsPerSecond: number; delayMs: number } | undefined): void;
	clearLog(): void;
	/** Goes offline: stops listening and cuts every connection. */
	pause(): Promise<void>;
	resume(): Promise<void>;
	close(): Promise<void>;
}

interface Entry {
	body: HostBody;
	behaviour: HostBehaviour;
}

/** What all answers share; it may change while they are under way. */
interface Line {
	shaper: Shaper | undefined;
}

const CHUNK = 16 * 1024;

/** An HTTP upload host (the download half of XEP-0363) on loopback. */
export async function startUploadHost({ port = 0 }: { port?: number } = {}): Promise<UploadHost> {
	const files = new Map<string, Entry>();
	let requests: LoggedRequest[] = [];
	const line: Line = { shaper: undefined };
	const sockets = new Set<Socket>();
	const server = http.createServer((request, response) => {
		const path = new URL(request.url ?? '/', 'http://host').pathname;
		const range = request.headers.range;
		const log: LoggedRequest = {
			method: request.method ?? '',
			path,
			range,
			headers: request.headers,
			status: 0,
			sent: 0,
			open: true,
		};
		requests.push(log);
		response.on('close', () => {
			log.open = false;
		});
		answer(request, response, files.get(path), log, line).catch(() => response.destroy());
	});
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.setNoDelay(true);
		socket.on('close', () => sockets.delete(socket));
	});
	const listen = (at: number) =>
		new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			// On both loopback addresses: browsers take either for localhost.
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
	const entry = (path: string): Entry => {
		const found = files.get(path);
		if (found === undefined) throw new Error(`the host has no ${path}`);
		return found;
	};
	return {
		origin: `http://localhost:${bound}`,
		port: bound,
		get requests() {
			return requests;
		},
		put(path, body, behaviour = {}) {
			files.set(path, { body, behaviour });
			return `http://localhost:${bound}${path}`;
		},
		behave: (path, behaviour) => {
			entry(path).behaviour = behaviour;
		},
		body: (path) => entry(path).body,
		replace: (path, body) => {
			entry(path).body = body;
		},
		shape(rate) {
			line.shaper = rate && createShaper(rate);
		},
		clearLog: () => {
			requests = [];
		},
		pause,
		resume: () => listen(bound),
		close: pause,
	};
}

async function answer(
	request: http.IncomingMessage,
	response: http.ServerResponse,
	entry: Entry | undefined,
	log: LoggedRequest,
	line: Line,
): Promise<void> {
	await line.shaper?.delay();
	const behaviour = entry?.behaviour ?? {};
	const headers = commonHeaders(behaviour);
	const end = (status: number, more: Record<string, string> = {}) => {
		log.status = status;
		response.writeHead(status, { ...headers, ...more }).end();
	};
	if (request.method === 'OPTIONS') return end(204);
	if (entry === undefined) return end(404);
	if (request.method !== 'GET' && request.method !== 'HEAD') return end(405);
	if (behaviour.redirect !== undefined) return end(302, { Location: behaviour.redirect });
	if (behaviour.status !== undefined && (behaviour.times ?? 1) > 0) {
		if (behaviour.times !== undefined) behaviour.times -= 1;
		const { retryAfter } = behaviour;
		return end(
			behaviour.status,
			retryAfter === undefined ? {} : { 'Retry-After': `${retryAfter}` },
		);
	}
	const size = sizeOf(entry.body);
	const range = readRange(log.range, size, behaviour.ranges ?? 'full');
	if (range === 'unsatisfiable') return end(416, { 'Content-Range': `bytes */${size}` });
	const { start, stop } = range ?? { start: 0, stop: size };
	let body = openBody(entry.body, start, stop);
	let length = stop - start;
	const accepts = /gzip/.test(request.headers['accept-encoding']?.toString() ?? '');
	if (behaviour.gzip === 'always' || (behaviour.gzip === 'asked' && accepts)) {
		const zipped = gzipSync(await collect(body));
		headers['Content-Encoding'] = 'gzip';
		length = zipped.length;
		body = Readable.from([zipped]);
	}
	const { contentLength = 'right' } = behaviour;
	if (contentLength !== 'absent')
		headers['Content-Length'] = `${contentLength === 'right' ? length : contentLength}`;
	if (range !== undefined && behaviour.contentRange !== 'absent') {
		const isOffByOne = behaviour.ranges === 'prosody';
		const wrong = behaviour.contentRange === 'wrong' ? 7 : 0;
		const last = stop - 1 + (isOffByOne ? 1 : 0) + wrong;
		headers['Content-Range'] = `bytes ${start + wrong}-${last}/${size + wrong}`;
	}
	log.status = range === undefined ? 200 : 206;
	response.writeHead(log.status, headers);
	if (request.method === 'HEAD') return void response.end();
	response.flushHeaders();
	await send(response, body, start, behaviour, log, line);
}

function commonHeaders(behaviour: HostBehaviour): Record<string, string> {
	const headers: Record<string, string> = {
		'Content-Type': behaviour.contentType ?? 'application/octet-stream',
	};
	if (behaviour.cors !== false) {
		headers['Access-Control-Allow-Origin'] = '*';
		headers['Access-Control-Allow-Headers'] = 'Authorization, Content-Type';
	}
	if (behaviour.expose === true)
		headers['Access-Control-Expose-Headers'] =
			'Content-Range, Content-Length, ETag, Retry-After, Content-Encoding';
	if (behaviour.etag !== undefined) headers['ETag'] = behaviour.etag;
	if (behaviour.ranges !== 'ignored') headers['Accept-Ranges'] = 'bytes';
	return headers;
}

/** Sends a body as its behaviour says; ends the connection where that is broken. */
async function send(
	response: http.ServerResponse,
	body: Readable,
	start: number,
	behaviour: HostBehaviour,
	log: LoggedRequest,
	line: Line,
): Promise<void> {
	const cuts = behaviour.cutAfter;
	const cut = Array.isArray(cuts) ? cuts.shift() : cuts;
	const { stallAfter = Infinity, endAfter = Infinity } = behaviour;
	const limit = Math.min(cut ?? Infinity, stallAfter, endAfter);
	const flipped = (behaviour.corrupt?.at ?? -1) - start;
	for await (const whole of body as AsyncIterable<Buffer>) {
		for (let at = 0; at < whole.length; at += CHUNK) {
			if (response.destroyed) return;
			const room = limit - log.sent;
			let part = whole.subarray(at, at + Math.min(CHUNK, room));
			if (flipped >= log.sent && flipped < log.sent + part.length) {
				part = Buffer.from(part);
				part[flipped - log.sent] = (part[flipped - log.sent] ?? 0) ^ 1;
			}
			await line.shaper?.take(part.length);
			log.sent += part.length;
			if (!response.write(part) && !response.destroyed) await drained(response);
			if (log.sent >= limit) {
				if (cut !== undefined) response.destroy();
				else if (log.sent >= endAfter) response.end();
				return;
			}
		}
	}
	// A length that was announced and is not reached ends in a cut, as a broken host's does.
	if (typeof behaviour.contentLength === 'number' && log.sent < behaviour.contentLength)
		response.destroy();
	else response.end();
}

function drained(response: http.ServerResponse): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			response.off('drain', done);
			response.off('close', done);
			resolve();
		};
		response.on('drain', done);
		response.on('close', done);
	});
}

function readRange(
	header: string | undefined,
	size: number,
	ranges: 'full' | 'ignored' | 'prosody',
): { start: number; stop: number } | 'unsatisfiable' | undefined {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
	if (match === null || ranges === 'ignored') return undefined;
	const [, first = '', last = ''] = match;
	if (ranges === 'prosody')
		return last === '' && Number(first) > 0 && Number(first) < size
			? { start: Number(first), stop: size }
			: undefined;
	if (first === '') {
		const start = Math.max(0, size - Number(last));
		return start < size ? { start, stop: size } : 'unsatisfiable';
	}
	if (Number(first) >= size) return 'unsatisfiable';
	const stop = last === '' ? size : Math.min(size, Number(last) + 1);
	return stop > Number(first) ? { start: Number(first), stop } : undefined;
}

function sizeOf(body: HostBody): number {
	return body instanceof Uint8Array ? body.length : body.size;
}

function openBody(body: HostBody, start: number, stop: number): Readable {
	if (body instanceof Uint8Array)
		return Readable.from([Buffer.from(body.buffer, body.byteOffset + start, stop - start)]);
	if (stop <= start) return Readable.from([]);
	return createReadStream(body.file, { start, end: stop - 1, highWaterMark: 4 * CHUNK });
}

async function collect(body: Readable): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of body as AsyncIterable<Buffer>) parts.push(part);
	return Buffer.concat(parts);
}
