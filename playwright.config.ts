import { defineConfig } from '@playwright/test';

/** Playwright is the runner; the engines are driven through tests/e2e/browser. */
export default defineConfig({
	testDir: 'tests/e2e',
	outputDir: 'test-results',
	timeout: 90_000,
	// Browsers die now and then on small machines; a spec that needed its second try is listed as flaky.
	retries: 1,
	workers: 2,
	fullyParallel: true,
	forbidOnly: true,
	reporter: [['list']],
	projects: [{ name: 'chromium' }, { name: 'webkit' }],
});
