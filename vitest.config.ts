import { defineConfig } from 'vitest/config';
import { buildLeanStanza } from './tools/lean-stanza.ts';

export default defineConfig({
	define: { __LOOPBACK__: 'true' },
	test: {
		testTimeout: 20_000,
		projects: [
			{
				extends: true,
				test: { name: 'all', include: ['tests/{unit,hosting,interop}/**/*.test.ts'] },
			},
			{
				extends: true,
				resolve: { alias: [{ find: /^stanza$/, replacement: await buildLeanStanza() }] },
				test: { name: 'as built', include: ['tests/unit/xmpp/*.test.ts'] },
			},
		],
	},
});
