import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { ALIASES } from './aliases.ts';

const ENTRY = 'virtual:browser-stanza';

/** Builds stanza with the parts for browsers that the page has, for tests that run in Node; where it lies. */
export async function buildBrowserStanza(): Promise<string> {
	const root = fileURLToPath(new URL('..', import.meta.url));
	const outDir = `${root}/node_modules/.browser-stanza`;
	await build({
		root,
		configFile: false,
		logLevel: 'error',
		resolve: { alias: ALIASES },
		plugins: [
			{
				name: 'browser-stanza-entry',
				resolveId: (id) => (id.endsWith(ENTRY) ? ENTRY : null),
				load: (id) =>
					id === ENTRY
						? "export { Client, createClient, JXT, Platform, SASL } from 'stanza';"
						: null,
			},
		],
		build: {
			outDir,
			emptyOutDir: false,
			minify: false,
			copyPublicDir: false,
			lib: { entry: ENTRY, formats: ['es'], fileName: () => 'stanza.js' },
		},
	});
	return `${outDir}/stanza.js`;
}
