import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import solid from 'vite-plugin-solid';
import { leanStanza } from './tools/lean-stanza.ts';
import { contentSecurityPolicy } from './tools/security-headers.ts';
import { trustedTemplates } from './tools/trusted-templates.ts';

/**
 * Mode `loopback`, which only `npm start` and the tests use: https on loopback is fetched as http, inside the
 * worker's fetch alone.
 */
export default defineConfig(({ mode }) => {
	const loopback = mode === 'loopback';
	return {
		define: { __LOOPBACK__: JSON.stringify(loopback) },
		build: {
			target: 'es2023',
			outDir: loopback ? 'dist-local' : 'dist',
			emptyOutDir: true,
			modulePreload: { polyfill: false },
			assetsInlineLimit: 0,
			sourcemap: false,
			// What comes first is one piece, also where what comes later needs it, too: pieces are packed each by itself.
			rolldownOptions: {
				output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } },
			},
		},
		plugins: [
			solid(),
			trustedTemplates(),
			leanStanza(),
			{
				name: 'csp-meta',
				transformIndexHtml: () => [
					{
						tag: 'meta',
						attrs: {
							'http-equiv': 'Content-Security-Policy',
							content: contentSecurityPolicy({ loopback, meta: true }),
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
				},
			}),
		],
	};
});
