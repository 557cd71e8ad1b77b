import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { filesBelow } from '../../tools/bundle-sizes.ts';
import { LONG_FILES, LONG_SPECS, SLOW_UNIT_TESTS, WEBKIT_SPECS } from '../what-runs.ts';

interface Suite {
	readonly title: string;
	readonly file: string;
	readonly suites?: readonly Suite[];
	readonly specs: readonly {
		readonly title: string;
		readonly tests: readonly { readonly projectName: string }[];
	}[];
}

/** What each engine runs: a line a spec, with its file and titles. */
function listed(extent: string): { chromium: string[]; webkit: string[] } {
	const args = ['node_modules/@playwright/test/cli.js', 'test', '--list', '--reporter=json'];
	const env = { ...process.env, BALCONY_TESTS: extent };
	const { suites } = JSON.parse(String(execFileSync(process.execPath, args, { env }))) as Suite;
	const lines = { chromium: [] as string[], webkit: [] as string[] };
	const walk = (suite: Suite, titles: readonly string[]) => {
		for (const { title, tests } of suite.specs)
			for (const { projectName } of tests)
				lines[projectName as keyof typeof lines].push([suite.file, ...titles, title].join(' '));
		for (const inner of suite.suites ?? []) walk(inner, [...titles, inner.title]);
	};
	for (const suite of suites ?? []) walk(suite, []);
	return lines;
}

const some = (patterns: readonly RegExp[]) => (line: string) =>
	patterns.some((pattern) => pattern.test(line));

it('test:full runs every spec in both engines, npm test what is said here and nothing less', () => {
	const full = listed('full');
	const short = listed('short');
	expect(full.chromium.length).toBeGreaterThan(100);
	expect(full.webkit).toEqual(full.chromium);
	for (const pattern of [...LONG_SPECS, ...Object.values(WEBKIT_SPECS).flat()])
		expect(
			full.chromium.some((line) => pattern.test(line)),
			String(pattern),
		).toBe(true);

	// Of what is run for each server, npm test has one.
	const isOther = /through ejabberd/;
	const ordinary = full.chromium.filter((line) => !some([...LONG_SPECS, isOther])(line));
	expect(short.chromium).toEqual(ordinary);
	const both = Object.entries(WEBKIT_SPECS).flatMap(([name, others]) =>
		ordinary.filter((line) => line.startsWith(`${name}.spec.ts `) && !some(others)(line)),
	);
	expect(short.webkit).toEqual(ordinary.filter((line) => both.includes(line)));
	for (const name of Object.keys(WEBKIT_SPECS))
		expect(
			both.some((line) => line.startsWith(`${name}.spec.ts `)),
			name,
		).toBe(true);
	for (const file of LONG_FILES) expect(existsSync(file), file).toBe(true);
	const names = filesBelow('tests/unit').map((file) => path.basename(file));
	for (const name of SLOW_UNIT_TESTS) expect(names).toContain(`${name}.test.ts`);
}, 60_000);
