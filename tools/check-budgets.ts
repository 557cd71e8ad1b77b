/** Gates the release build: its sizes, what must not be in it, and that all of it is there without a network. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bundleFiles, bundleSizes, filesBelow } from './bundle-sizes.ts';

const ROOT = 'dist';
const { worker, page } = bundleFiles(ROOT);

const FORBIDDEN = [
	{
		what: 'the user interface in the worker',
		files: [worker],
		text: /createRenderEffect|_\$HY|<template/,
	},
	{
		what: 'the loopback build',
		files: filesBelow(ROOT),
		text: /http:\/\/(?:localhost|127\.0\.0\.1)|__LOOPBACK__/,
	},
];

let failed = false;
for (const { name, value, limit, reason } of bundleSizes(ROOT)) {
	const isOver = value > limit;
	failed ||= isOver;
	const size = `${value.toFixed(1).padStart(6)} of ${String(limit).padStart(3)} KiB`;
	const why = reason === undefined ? '' : `  (${reason})`;
	console.log(`${isOver ? 'OVER' : 'ok  '} ${size}  ${name.replace('_kib_gzip', '')}${why}`);
}
const precache = readFileSync(worker, 'utf8');
for (const file of page.map((name) => path.relative(ROOT, name))) {
	if (precache.includes(`"${file}"`) || precache.includes(`'${file}'`)) continue;
	failed = true;
	console.log(`NOT KEPT for offline use: ${file}`);
}
for (const { what, files, text } of FORBIDDEN)
	for (const file of files.filter((name) => /\.(?:html|js|css|webmanifest)$/.test(name))) {
		if (!text.test(readFileSync(file, 'utf8'))) continue;
		failed = true;
		console.log(`FOUND ${what}: ${file}`);
	}
process.exitCode = failed ? 1 : 0;
