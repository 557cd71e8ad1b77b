import { expect, it } from 'vitest';
import { closureOf } from '../../tools/bundle-sizes.ts';

const MANIFEST = {
	'src/a.ts': {
		file: 'a.js',
		imports: ['_shared.js'],
		css: ['a.css'],
		dynamicImports: ['src/b.ts'],
	},
	'src/b.ts': { file: 'b.js', imports: ['_shared.js', '_deep.js'] },
	'_shared.js': { file: 'shared.js', imports: ['_deep.js'] },
	'_deep.js': { file: 'deep.js', imports: ['_shared.js'] },
};

it('what a module needs is all that it imports, with its styles, and nothing that it loads later', () => {
	expect([...closureOf(MANIFEST, ['src/a.ts'])].sort()).toEqual([
		'a.css',
		'a.js',
		'deep.js',
		'shared.js',
	]);
	expect(closureOf(MANIFEST, ['src/a.ts', 'src/b.ts']).size).toBe(5);
});

it('a module that the build does not have is an error', () => {
	expect(() => closureOf(MANIFEST, ['src/gone.ts'])).toThrow('src/gone.ts');
});
