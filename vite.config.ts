import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import solid from 'vite-plugin-solid';
import { ALIASES } from './tools/aliases.ts';
import { chunkOf } from './tools/chunks.ts';
import { manifestAside } from './tools/manifest-aside.ts';
import { contentSecurityPolicy } from './tools/security-headers.ts';
import { smallerChunks } from './tools/smaller-chunks.ts';
import { trustedTemplates } from './tools/trusted-templates.ts';

/** Chunks that are parsed at each start of an account. */
const EACH_START = ['first', 'files-shown', 'chat', 'stanza-connection', 'stanza'];

/**
 * Mode `loopback`, which only `npm start` and the tests use: https on loopback is fetched as http, inside the
 * worker's fetch alone.
 */
export default defineConfig(({ mode }) => {
	const loopback = mode === 'loopback';
	return {
		resolve: { alias: ALIASES },
		define: { __LOOPBACK__: JSON.stringify(loopback) },
		build: {
			target: 'es2023',
			outDir: loopback ? 'dist-local' : 'dist',
			emptyOutDir: true,
			modulePreload: { polyfill: false },
			assetsInlineLimit: 0,
			sourcemap: false,
			manifest: true,
			rolldownOptions: {
				output: {
					// The worker lists them all, and names would be 0.3 KiB of it; the manifest has them.
					entryFileNames: 'assets/[hash].js',
					chunkFileNames: 'assets/[hash].js',
					assetFileNames: 'assets/[hash][extname]',
					codeSplitting: {
						groups: [
							// The first piece is one file, also where later pieces need it, too: each file is compressed separately.
							{ name: 'first', tags: ['$initial'] },
							{ name: chunkOf, includeDependenciesRecursively: false },
							// Formats that several later parts read.
							{
								name: 'formats',
								test: /src\/(?:core\/formats|media)\//,
								minShareCount: 2,
								includeDependenciesRecursively: false,
							},
							{ name: 'stanza', test: /node_modules\/(?:stanza|events|punycode)\// },
						],
					},
				},
			},
		},
		plugins: [
			solid(),
			trustedTemplates(),
			manifestAside(),
			smallerChunks((name) => EACH_START.includes(name)),
			{
				name: 'csp-meta',
				transformIndexHtml: (_, { server }) => [
					{
						tag: 'meta',
						attrs: {
							'http-equiv': 'Content-Security-Policy',
							content: contentSecurityPolicy({
								loopback,
								meta: true,
								development: server !== undefined,
							}),
						},
						injectTo: 'head-prepend',
					},
				],
			},
			VitePWA({
				strategies: 'injectManifest',
				srcDir: 'sw',
				filename: 'main.ts',
				injectRegister: false,
				manifest: false,
				integration: {
					beforeBuildServiceWorker(options) {
						options.swDest = options.swDest.replace(/main\.js$/, 'sw.js');
						options.injectManifest.swDest = options.swDest;
					},
				},
				injectManifest: {
					globPatterns: ['**/*.{html,js,css,svg,png,webmanifest}'],
					injectionPoint: 'self.__WB_MANIFEST',
					rollupFormat: 'iife',
					target: 'es2023',
					buildPlugins: { vite: [smallerChunks()] },
				},
			}),
		],
	};
});
