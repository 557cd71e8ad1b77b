/** `npm start`: builds the app for this machine and serves it, with the servers beside it. */

import { build } from 'vite';
import { readOptions, startWithServers } from './beside-the-app.ts';
import { startStaticServer } from './static-server.ts';

const options = readOptions();

if (options.mayBuild) await build({ mode: 'loopback', logLevel: 'warn' });

await startWithServers('npm start', options, () =>
	startStaticServer({ root: 'dist-local', port: options.app, loopback: true }),
);
