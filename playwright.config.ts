import { defineConfig } from '@playwright/test';
import { ENGINES } from './tests/what-runs.ts';

/** Playwright is the runner; the engines are driven through tests/e2e/browser. */
export default defineConfig({
	testDir: 'tests/e2e',
	outputDir: 'test-results',
	timeout: 90_000,
	// A busy machine is not to hold up a landing; at the end, each spec that needed its second try is listed as flaky.
	retries: process.env['CI'] ? 1 : 0,
	workers: 2,
	fullyParallel: true,
	forbidOnly: true,
	reporter: [['list']],
	projects: [
		{ name: 'chromium', ...ENGINES.chromium },
		{ name: 'webkit', ...ENGINES.webkit },
	],
});
