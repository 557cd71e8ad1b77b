import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { manifestOf } from './manifest-aside.ts';

const KIB = 1024;

const PAGE = 'index.html';

/** A part of the release build, in KiB after gzip. */
export interface BundleSize {
	readonly name: string;
	readonly value: number;
	readonly limit: number;
	/** why the limit is another one than that of its kind */
	readonly reason?: string;
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

/** What somebody does with the page, and the modules that it loads for that; what the page names itself comes first. */
const STEPS = [
	{ name: 'sign_in', limit: 60, modules: [] },
	{
		name: 'read_offline',
		limit: 150,
		modules: ['src/ui/chat-screen/chat-screen.tsx', 'src/chat/account/messenger.ts'],
	},
	{
		name: 'connected',
		limit: 250,
		modules: ['src/xmpp/stanza-connection.ts'],
	},
];
/** A file that is loaded later. */
const MAX_LATER = 40;
/** Limits that are not kept, each with the one that holds instead, and why. */
const EXCEPTIONS: Readonly<Record<string, { limit: number; reason: string }>> = {
	later_stanza_kib_gzip: { limit: 93, reason: 'one CommonJS package, as the registry has it' },
	sw_kib_gzip: { limit: 36, reason: 'a worker loads nothing later; it reads tables of tags, too' },
	'later_pdf-pages_kib_gzip': { limit: 160, reason: 'pdf.js, loaded when somebody opens a PDF' },
	'later_pdf-worker_kib_gzip': {
		limit: 380,
		reason: 'pdf.js, the half that reads fonts and pictures',
	},
	'later_mp4-voice_kib_gzip': {
		limit: 62,
		reason: 'movie tools: mediabunny reads and writes MP4, loaded where a browser records that',
	},
};

/** An entry of the manifest that Vite writes (https://vite.dev/guide/backend-integration). */
interface ManifestChunk {
	readonly file: string;
	readonly name?: string;
	readonly imports?: readonly string[];
	readonly css?: readonly string[];
}
export type Manifest = Readonly<Record<string, ManifestChunk>>;

/** All files that are loaded before these modules run. */
export function closureOf(manifest: Manifest, modules: readonly string[]): Set<string> {
	const files = new Set<string>();
	const seen = new Set<string>();
	const visit = (key: string): void => {
		if (seen.has(key)) return;
		seen.add(key);
		const chunk = manifest[key];
		if (chunk === undefined) throw new Error(`the build has no ${key}`);
		for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
		for (const imported of chunk.imports ?? []) visit(imported);
	};
	for (const key of modules) visit(key);
	return files;
}

/** What the page names itself: scripts and styles. */
function filesOfPage(root: string): string[] {
	const html = readFileSync(path.join(root, PAGE), 'utf8');
	const named = html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g);
	return [...named].map(([, file]) => file ?? '');
}

/** The name of a chunk, or of the one that a style belongs to: of files, a worker's alone have one. */
function chunkName(manifest: Manifest, file: string): string {
	const chunks = Object.values(manifest);
	const chunk =
		chunks.find((entry) => entry.file === file) ??
		chunks.find(({ css = [] }) => css.includes(file));
	return chunk?.name ?? path.basename(file).replace(/-[\w-]{8}\.js$/, '');
}

/** What each step needs in all, each later file by itself, and the worker. */
export function bundleSizes(root: string): BundleSize[] {
	const manifest = JSON.parse(readFileSync(manifestOf(root), 'utf8')) as Manifest;
	const gzipped = (files: Iterable<string>) =>
		[...files].reduce(
			(sum, file) => sum + gzipSync(readFileSync(path.join(root, file)), { level: 9 }).length,
			0,
		) / KIB;
	const named = filesOfPage(root);
	const keys = Object.keys(manifest).filter((key) => named.includes(manifest[key]?.file ?? ''));
	const filesOf = (modules: readonly string[]) =>
		new Set([PAGE, ...named, ...closureOf(manifest, [...keys, ...modules])]);
	const steps = STEPS.map(({ name, limit }, i) => {
		const modules = STEPS.slice(0, i + 1).flatMap((step) => step.modules);
		return measured(`${name}_kib_gzip`, gzipped(filesOf(modules)), limit);
	});
	const first = filesOf(STEPS.slice(0, 2).flatMap(({ modules }) => modules));
	const { page } = bundleFiles(root);
	const later = page
		.map((file) => path.relative(root, file))
		.filter((file) => !first.has(file))
		.map((file) =>
			measured(`later_${chunkName(manifest, file)}_kib_gzip`, gzipped([file]), MAX_LATER),
		)
		.sort((a, b) => b.value - a.value);
	return [...steps, ...later, measured('sw_kib_gzip', gzipped(['sw.js']), 32)];
}

function measured(name: string, value: number, limit: number): BundleSize {
	const exception = EXCEPTIONS[name];
	return exception === undefined ? { name, value, limit } : { name, value, ...exception };
}
