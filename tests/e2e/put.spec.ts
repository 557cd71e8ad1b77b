import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildPageScript } from '../bench/page-script.ts';
import { test as base, expect } from './fixtures.ts';

interface Host {
	readonly origin: string;
	/** what was put, by path */
	readonly stored: Map<string, { length: number; authorization: string | undefined }>;
}

/** A page with nothing but the upload, and a host that does what its paths say. */
const test = base.extend<{ upload: Host }>({
	// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
	upload: async ({}, use) => {
		const script = await buildPageScript('tests/e2e/put/put-page.ts');
		const stored: Host['stored'] = new Map();
		const server = http.createServer(async (request, response) => {
			const { url = '', method } = request;
			if (url === '/page.js')
				return response.setHeader('Content-Type', 'text/javascript').end(script);
			if (url === '/')
				return response
					.setHeader('Content-Type', 'text/html')
					.end('<!doctype html><title>Put</title><script src="/page.js"></script>');
			const [, , status = '201', what = ''] = url.split('/');
			if (method === 'HEAD') {
				const { length = 0 } = stored.get(url) ?? {};
				if (what === 'silent') return response.writeHead(404).end();
				return response.setHeader('Content-Length', what === 'less' ? length - 1 : length).end();
			}
			if (what === 'cut') {
				request.once('data', () => request.socket.resetAndDestroy());
				return undefined;
			}
			let length = 0;
			try {
				for await (const chunk of request) length += (chunk as Buffer).length;
			} catch {
				// It was given up.
				return undefined;
			}
			stored.set(url, { length, authorization: request.headers.authorization });
			const words = '<html><script>alert(1)</script><p>No\n\n more   room</p></html>';
			return response.writeHead(Number(status)).end(Number(status) > 299 ? words : '');
		});
		server.listen(0);
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		await use({ origin: `http://localhost:${port}`, stored });
		server.closeAllConnections();
		server.close();
	},
});

test('an upload says what became of it', async ({ session, upload }) => {
	const tab = await session.newTab();
	await tab.goto(upload.origin);
	const put = (path: string, size: number, cancelAfter = 0) =>
		tab.evaluate(
			(...args) =>
				(globalThis as unknown as { put(...args: readonly unknown[]): Promise<unknown> }).put(
					...args,
				),
			upload.origin + path,
			size,
			cancelAfter,
		);
	expect(await put('/f/201', 300_000)).toEqual({ code: 'done', sent: 300_000 });
	expect(upload.stored.get('/f/201')).toEqual({ length: 300_000, authorization: 'Bearer token' });
	expect(await put('/f/200/silent', 10)).toMatchObject({ code: 'done' });
	expect(await put('/f/413', 10)).toMatchObject({ code: 'too-large', status: 413 });
	expect(await put('/f/507', 10)).toMatchObject({ code: 'upload-full', status: 507 });
	expect(await put('/f/403', 10)).toMatchObject({
		code: 'upload-refused',
		status: 403,
		text: 'No more room',
	});
	expect(await put('/f/200/less', 10)).toMatchObject({ code: 'upload-incomplete' });
	expect(await put('/f/201/cut', 5_000_000)).toMatchObject({ code: 'network' });
	expect(await put('/f/201/given-up', 50_000_000, 1)).toMatchObject({ code: 'cancelled' });
	expect(upload.stored.has('/f/201/given-up')).toBe(false);
});
