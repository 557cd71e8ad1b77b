/** `npm run preview`: serves `dist` with the headers of a host, as people will get it. */

import { parseArgs } from 'node:util';
import { startStaticServer } from './static-server.ts';

const { values } = parseArgs({
	options: { port: { type: 'string', default: process.env['PORT'] ?? '4173' } },
});

const { origin } = await startStaticServer({ root: 'dist', port: Number(values.port) });
console.log(
	`\n  Balcony      ${origin}\n\n  It reaches servers over https and wss only. Ctrl-C ends it.`,
);
