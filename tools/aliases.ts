import { fileURLToPath } from 'node:url';

/** Packages that the build takes another module for than the one that they name. */
export const ALIASES = [
	// For browsers of today; the one that it names is for those of 2015.
	{ find: /^workbox-window$/, replacement: 'workbox-window/build/workbox-window.prod.mjs' },
	{ find: /^sdp$/, replacement: fileURLToPath(new URL('no-calls.ts', import.meta.url)) },
];
