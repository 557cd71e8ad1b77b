import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';

/** A running driver that speaks W3C WebDriver (https://www.w3.org/TR/webdriver2/). */
export interface Driver {
	/** Throws after `timeout` ms without an answer: a driver whose browser has died may say nothing for ever. */
	command(
		method: 'GET' | 'POST' | 'DELETE',
		path: string,
		body?: unknown,
		timeout?: number,
	): Promise<unknown>;
	/** the process group of the driver, its display and its browsers */
	readonly group: number;
	/** whether the driver has not ended */
	running(): boolean;
	/** Ends the whole group at once. */
	kill(): void;
}

/** Milliseconds; longer than any script or page load may take. */
const COMMAND_TIMEOUT = 75_000;

/** Starts a driver in a process group of its own; `command` gets the port as its last argument. */
export async function startDriver(
	command: readonly string[],
	env: Record<string, string>,
	log: string,
): Promise<Driver> {
	const port = await freePort();
	const [program = '', ...args] = [...command, `--port=${port}`];
	// With inherited pipes the driver's children would keep the test run from ending.
	const output = openSync(log, 'w');
	const child = spawn(program, args, {
		detached: true,
		stdio: ['ignore', output, output],
		env: { ...process.env, ...env },
	});
	closeSync(output);
	child.unref();
	await ready(port, child, log);
	const group = child.pid ?? 0;
	return {
		async command(method, path, body, timeout = COMMAND_TIMEOUT) {
			const text = method === 'POST' ? JSON.stringify(body ?? {}) : undefined;
			const { status, answer } = await send(port, method, path, timeout, text);
			const { value } = JSON.parse(answer) as { value: unknown };
			if (status !== 200) throw driverError(value);
			return value;
		},
		group,
		running: () => child.exitCode === null && child.signalCode === null,
		kill() {
			try {
				process.kill(-group, 'SIGKILL');
			} catch {
				// It has ended by itself.
			}
		},
	};
}

function driverError(value: unknown): Error {
	const { error, message } = value as { error?: string; message?: string };
	return new Error(`${error}: ${message}`);
}

/** A connection each: the driver closes idle ones whenever it likes. */
function send(
	port: number,
	method: string,
	path: string,
	timeout: number,
	body?: string,
): Promise<{ status: number; answer: string }> {
	return new Promise((resolve, reject) => {
		const options = { host: '127.0.0.1', port, method, path, agent: false };
		const request = http.request(options, (response) => {
			const parts: Buffer[] = [];
			response.on('data', (part: Buffer) => parts.push(part));
			response.on('error', reject);
			response.on('end', () =>
				resolve({
					status: response.statusCode ?? 0,
					answer: Buffer.concat(parts).toString(),
				}),
			);
		});
		const timer = setTimeout(
			() => request.destroy(new Error(`the driver did not answer ${method} ${path}`)),
			timeout,
		);
		request.on('close', () => clearTimeout(timer));
		request.on('error', reject);
		request.end(body);
	});
}

async function ready(port: number, child: ChildProcess, log: string): Promise<void> {
	for (let tries = 0; tries < 200; tries++) {
		if (child.exitCode !== null) break;
		const answered = await send(port, 'GET', '/status', 1000).then(
			() => true,
			() => false,
		);
		if (answered) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error(`the driver did not start: ${readFileSync(log, 'utf8').slice(-500)}`);
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
		});
	});
}
