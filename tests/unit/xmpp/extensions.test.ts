import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { EXTENSIONS } from '../../../src/xmpp/extensions/index.ts';
import { filesBelow } from '../../../tools/bundle-sizes.ts';
import { doap, xepTable } from '../../../tools/xep-list.ts';

const FOLDER = 'src/xmpp/extensions';
const read = (file: string) => readFileSync(file, 'utf8');

it('the lists of extensions are as `npm run xeps` writes them', () => {
	const { description } = JSON.parse(read('package.json')) as { description: string };
	const stale = (file: string) => `${file} is stale: run \`npm run xeps\``;
	expect(read('docs/XEPS.md'), stale('docs/XEPS.md')).toBe(xepTable(EXTENSIONS));
	expect(read('balcony.doap'), stale('balcony.doap')).toBe(doap(EXTENSIONS, description));
});

/** `pep.ts`, or `registration/registration.ts` where an extension is a folder. */
const isMain = (file: string) => path.dirname(file) === FOLDER || mainOf(file) === file;
const mainOf = (file: string) => `${path.dirname(file)}/${path.basename(path.dirname(file))}.ts`;
const titleOf = (file: string) => read(file).split('\n')[0] ?? '';
const FILES = filesBelow(FOLDER).filter(
	(file) => !['index.ts', 'extension.ts'].includes(path.basename(file)),
);

it('each extension is a file that begins with its name, and is in the registry, by number', () => {
	const listed = EXTENSIONS.map(
		({ name, number, version }) => `// ${name}, XEP-${number} version ${version}`,
	);
	expect(
		FILES.filter(isMain).map(titleOf).sort(),
		`the first line of each file is "// <name>, XEP-<number> version <version>", and its extension is in ${FOLDER}/index.ts`,
	).toEqual(listed.sort());
	const numbers = EXTENSIONS.map(({ number }) => number);
	expect(numbers, `the list in ${FOLDER}/index.ts is by number`).toEqual(
		[...new Set(numbers)].sort(),
	);
});

it('the folder of an extension holds nothing of another one', () => {
	const others = FILES.filter((file) => !isMain(file));
	expect(others.length).toBeGreaterThan(0);
	for (const file of others) expect(titleOf(file).split(' section')[0]).toBe(titleOf(mainOf(file)));
});

it('nothing of an extension lies outside of the folder', () => {
	const outside = readdirSync('src/xmpp').filter((file) => file.endsWith('.ts'));
	expect(outside.filter((file) => /^\/\/ .*XEP-\d/.test(read(`src/xmpp/${file}`)))).toEqual([]);
	const names = FILES.map((file) => path.basename(file));
	expect(outside.filter((file) => names.includes(file))).toEqual([]);
});
