import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EXTENSIONS } from '../../../src/xmpp/extensions/index.ts';
import { doap, xepTable } from '../../../tools/xep-list.ts';

const FOLDER = 'src/xmpp/extensions';
const read = (file: string) => readFileSync(file, 'utf8');

it('the lists of extensions are as `npm run xeps` writes them', () => {
	const { description } = JSON.parse(read('package.json')) as { description: string };
	expect(read('docs/XEPS.md')).toBe(xepTable(EXTENSIONS));
	expect(read('balcony.doap')).toBe(doap(EXTENSIONS, description));
});

it('each extension is a file that begins with its name, and is in the registry, by number', () => {
	const files = readdirSync(FOLDER).filter((file) => !['index.ts', 'extension.ts'].includes(file));
	const first = files.map((file) => read(`${FOLDER}/${file}`).split('\n')[0]);
	const listed = EXTENSIONS.map(
		({ name, number, version }) => `// ${name}, XEP-${number} version ${version}`,
	);
	expect(first.sort()).toEqual([...listed].sort());
	const numbers = EXTENSIONS.map(({ number }) => number);
	expect(numbers).toEqual([...new Set(numbers)].sort());
});
