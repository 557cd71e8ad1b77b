import { mkdirSync, renameSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

/** Where the manifest of a build lies, which says which file imports which: beside it, because it is not to be served. */
export function manifestOf(outDir: string): string {
	return path.join('node_modules/.build-manifests', `${path.basename(outDir)}.json`);
}

/** Moves the manifest that Vite writes out of what is served (https://vite.dev/guide/backend-integration). */
export function manifestAside(): Plugin {
	let outDir = '';
	return {
		name: 'manifest-aside',
		apply: 'build',
		configResolved(config) {
			outDir = config.build.outDir;
		},
		closeBundle() {
			const target = manifestOf(outDir);
			mkdirSync(path.dirname(target), { recursive: true });
			renameSync(path.join(outDir, '.vite/manifest.json'), target);
			rmdirSync(path.join(outDir, '.vite'));
		},
	};
}
