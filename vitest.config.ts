import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { IS_SHORT, LEFT_OUT, SLOW_UNIT_FILES, SLOW_UNIT_TESTS } from './tests/what-runs.ts';
import { buildBrowserStanza } from './tools/browser-stanza.ts';

/** Test files that replace modules: whoever shares modules with them would get the replacements. */
const MOCKING = readdirSync('tests/unit', { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.test.ts'))
	.map((file) => `tests/unit/${file}`)
	.filter((file) => readFileSync(file, 'utf8').includes('vi.mock('));

/** The same tests of stanza as the page has it, which the specs of `npm test` see besides. */
const AS_BUILT = IS_SHORT
	? []
	: [
			{
				extends: true as const,
				resolve: { alias: [{ find: /^stanza$/, replacement: await buildBrowserStanza() }] },
				test: { name: 'as built', include: ['tests/unit/xmpp/*.test.ts'] },
			},
		];

export default defineConfig({
	define: { __LOOPBACK__: 'true' },
	test: {
		testTimeout: 20_000,
		// Test files share what they import and nothing else, and need not load it anew each.
		isolate: false,
		unstubGlobals: true,
		setupFiles: ['tests/equal-bytes.ts'],
		// By itself it leaves one of two cores idle.
		maxWorkers: Math.max(2, availableParallelism() - 1),
		projects: [
			{
				extends: true,
				test: {
					name: 'unit',
					include: ['tests/unit/**/*.test.ts'],
					exclude: [...MOCKING, ...SLOW_UNIT_FILES],
				},
			},
			{
				extends: true,
				test: {
					name: 'mocking',
					include: MOCKING,
					exclude: [...SLOW_UNIT_FILES],
					isolate: true,
				},
			},
			{
				extends: true,
				test: { name: 'slow', include: [...SLOW_UNIT_FILES], exclude: MOCKING },
			},
			{
				extends: true,
				test: {
					name: 'slow, mocking',
					include: MOCKING.filter((file) =>
						SLOW_UNIT_TESTS.includes(path.basename(file, '.test.ts')),
					),
					isolate: true,
				},
			},
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
			...AS_BUILT,
		],
	},
});
