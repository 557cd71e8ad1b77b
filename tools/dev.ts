/** `npm run dev`: serves the source with hot reload, with the servers beside it. */

import { createServer } from 'vite';
import { readOptions, startWithServers } from './beside-the-app.ts';
import { developmentServer } from './development-server.ts';

const options = readOptions();

await startWithServers('npm run dev', options, async () => {
	let websocket: string | undefined;
	const server = await createServer({
		mode: 'loopback',
		clearScreen: false,
		server: { port: options.app, strictPort: true, host: 'localhost' },
		plugins: [developmentServer(() => websocket)],
	});
	await server.listen();
	return {
		origin: `http://localhost:${options.app}`,
		name(found) {
			websocket = found;
		},
	};
});
