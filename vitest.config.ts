import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LEFT_OUT, SLOW_UNIT_FILES } from './tests/what-runs.ts';
import { buildBrowserStanza } from './tools/browser-stanza.ts';

export default defineConfig({
	define: { __LOOPBACK__: 'true' },
	test: {
		testTimeout: 20_000,
		// By itself it leaves one of two cores idle.
		maxWorkers: Math.max(2, availableParallelism() - 1),
		projects: [
			{
				extends: true,
				// They share what they import and nothing else, and need not load it anew for each file.
				test: {
					name: 'pure',
					include: ['tests/unit/{core,omemo}/**/*.test.ts'],
					exclude: [...SLOW_UNIT_FILES],
					isolate: false,
				},
			},
			{
				extends: true,
				test: {
					name: 'unit',
					include: ['tests/unit/**/*.test.ts'],
					exclude: ['tests/unit/{core,omemo}/**', ...SLOW_UNIT_FILES],
				},
			},
			{ extends: true, test: { name: 'slow', include: [...SLOW_UNIT_FILES] } },
			{
				extends: true,
				// After the others. Each file has a server of its own, and waits more than it works.
				test: {
					name: 'interop',
					include: ['tests/{hosting,interop}/**/*.test.ts'],
					exclude: [...LEFT_OUT],
					maxWorkers: 4,
					// A second try where a landing hangs on it; the run says which needed one.
					retry: process.env['CI'] ? 1 : 0,
					sequence: { groupOrder: 1 },
				},
			},
			{
				extends: true,
				resolve: { alias: [{ find: /^stanza$/, replacement: await buildBrowserStanza() }] },
				test: { name: 'as built', include: ['tests/unit/xmpp/*.test.ts'] },
			},
		],
	},
});
