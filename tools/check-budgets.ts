/** Gates the release build: its sizes, and what must not be in it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const ROOT = 'dist';
const KIB = 1024;

const gzipped = (files: readonly string[]) =>
	files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0) / KIB;
const filesBelow = (folder: string): string[] =>
	readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const file = path.join(folder, entry.name);
		return entry.isDirectory() ? filesBelow(file) : [file];
	});

const all = filesBelow(ROOT);
const worker = path.join(ROOT, 'sw.js');
const page = all.filter((file) => /\.(?:html|js|css)$/.test(file) && file !== worker);

/** Sizes in KiB after gzip, as the benchmarks report them. */
export const budgets = [
	{ name: 'sw_kib_gzip', value: gzipped([worker]), limit: 25 },
	{ name: 'page_kib_gzip', value: gzipped(page), limit: 45 },
];

const FORBIDDEN = [
	{
		what: 'the user interface in the worker',
		files: [worker],
		text: /createRenderEffect|_\$HY|<template/,
	},
	{
		what: 'the loopback build',
		files: all,
		text: /http:\/\/(?:localhost|127\.0\.0\.1)|__LOOPBACK__/,
	},
	{ what: 'a list of templates that was never filled', files: page, text: /__BALCONY_TEMPLATES__/ },
];

let failed = false;
for (const { name, value, limit } of budgets) {
	const isOver = value > limit;
	failed ||= isOver;
	console.log(`${isOver ? 'OVER' : 'ok  '} ${name} ${value.toFixed(1)} of ${limit}`);
}
for (const { what, files, text } of FORBIDDEN)
	for (const file of files.filter((name) => /\.(?:html|js|css|webmanifest)$/.test(name))) {
		if (!text.test(readFileSync(file, 'utf8'))) continue;
		failed = true;
		console.log(`FOUND ${what}: ${file}`);
	}
process.exitCode = failed ? 1 : 0;
