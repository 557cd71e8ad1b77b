import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const KIB = 1024;

/** A part of the release build, in KiB after gzip; without a limit it is only reported. */
export interface BundleSize {
	readonly name: string;
	readonly value: number;
	readonly limit?: number;
}

/** Every file of a folder, with its path. */
export function filesBelow(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const file = path.join(folder, entry.name);
		return entry.isDirectory() ? filesBelow(file) : [file];
	});
}

/** The build's worker, and the scripts, styles and markup of its page. */
export function bundleFiles(root: string): { worker: string; page: string[] } {
	const worker = path.join(root, 'sw.js');
	const page = filesBelow(root).filter(
		(file) => /\.(?:html|js|css)$/.test(file) && file !== worker,
	);
	return { worker, page };
}

/** What the page names itself: all that the first screen needs; the rest comes by import(). */
function firstFiles(root: string): string[] {
	const html = path.join(root, 'index.html');
	const named = readFileSync(html, 'utf8').matchAll(
		/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g,
	);
	return [html, ...[...named].map(([, file]) => path.join(root, file ?? ''))];
}

export function bundleSizes(root: string): BundleSize[] {
	const { worker, page } = bundleFiles(root);
	const gzipped = (files: readonly string[]) =>
		files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0) / KIB;
	return [
		{ name: 'sw_kib_gzip', value: gzipped([worker]), limit: 32 },
		{ name: 'page_kib_gzip', value: gzipped(page) },
		{ name: 'sign_in_kib_gzip', value: gzipped(firstFiles(root)), limit: 58 },
	];
}
