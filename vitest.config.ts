import { defineConfig } from 'vitest/config';

export default defineConfig({
	define: { __LOOPBACK__: 'true' },
	test: {
		include: ['tests/{unit,hosting,interop}/**/*.test.ts'],
		testTimeout: 20_000,
	},
});
