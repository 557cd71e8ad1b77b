import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { build, type Rolldown } from 'vite';
import solid from 'vite-plugin-solid';
import { commonHeaders } from '../../../tools/security-headers.ts';
import { trustedTemplates } from '../../../tools/trusted-templates.ts';

export interface RecorderSite {
	readonly origin: string;
	close(): Promise<void>;
}

/** A page with the recorder and nothing else, under the app's own policy. */
export async function startRecorderSite(): Promise<RecorderSite> {
	const built = (await build({
		configFile: false,
		logLevel: 'error',
		plugins: [solid(), trustedTemplates()],
		build: {
			write: false,
			lib: { entry: 'tests/e2e/voice/recorder-page.tsx', name: 'page', formats: ['iife'] },
		},
	})) as Rolldown.RolldownOutput[];
	const output = built[0]?.output;
	if (output === undefined) throw new Error('nothing was built');
	const [script] = output;
	const style = output.find(({ fileName }) => fileName.endsWith('.css'));
	const files: Record<string, [type: string, body: string | Uint8Array]> = {
		'/': [
			'text/html; charset=utf-8',
			`<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<title>Recorder</title><link rel="stylesheet" href="/page.css"><div id="app"></div><script src="/page.js"></script>`,
		],
		'/page.js': ['text/javascript; charset=utf-8', script.code],
		'/page.css': ['text/css; charset=utf-8', style?.type === 'asset' ? style.source : ''],
	};
	const server = http.createServer((request, response) => {
		const [type, body] = files[request.url ?? ''] ?? [];
		if (type === undefined) return void response.writeHead(404).end();
		response.writeHead(200, { ...commonHeaders(), 'Content-Type': type }).end(body);
	});
	await new Promise<void>((resolve) => server.listen(0, resolve));
	return {
		origin: `http://localhost:${(server.address() as AddressInfo).port}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
