import { readFileSync } from 'node:fs';
import { isSafePattern } from 'redos-detector';
import { parseSync } from 'vite';
import { expect, it } from 'vitest';
import { filesBelow } from '../../tools/bundle-sizes.ts';

interface Expression {
	readonly pattern: string;
	readonly flags: string;
}

const FILES = ['src', 'sw'].flatMap(filesBelow).filter((file) => /\.tsx?$/.test(file));

/** Every node of the syntax tree of a file. */
function nodesOf(file: string): Record<string, unknown>[] {
	const nodes: Record<string, unknown>[] = [];
	const visit = (value: unknown): void => {
		if (typeof value !== 'object' || value === null) return;
		if ('type' in value) nodes.push(value as Record<string, unknown>);
		Object.values(value).forEach(visit);
	};
	visit(parseSync(file, readFileSync(file, 'utf8')).program);
	return nodes;
}

/** Whether it goes back over what it has read a bounded number of times only, whatever it reads (RFC 9485 says why). */
function isLinear({ pattern, flags }: Expression): boolean {
	const unicode = flags.includes('u');
	// Names of groups are not supported either; a sticky one is tried in one place only.
	const start = flags.includes('y') ? '^' : '';
	return isSafePattern(`${start}${pattern.replace(/\(\?<[a-z]+>/gi, '(')}`, {
		unicode,
		// Both at once are not supported. Without it there is more to go wrong, not less.
		caseInsensitive: flags.includes('i') && !unicode,
		multiLine: flags.includes('m'),
		dotAll: flags.includes('s'),
	}).safe;
}

it('every regular expression is linear on anything that it may be given', () => {
	const found = FILES.flatMap((file) =>
		nodesOf(file)
			.filter(({ type, regex }) => type === 'Literal' && typeof regex === 'object')
			.map(({ regex }) => ({ file, ...(regex as Expression) })),
	);
	expect(found.length).toBeGreaterThan(50);
	for (const flags of ['', 'i', 'iu', 'msy'])
		expect(isLinear({ pattern: '(a+)+b|\\s*x\\s*$', flags }), flags).toBe(false);
	expect(found.filter((expression) => !isLinear(expression))).toEqual([]);
});

it('no regular expression is made of strings, where nothing checks it', () => {
	const isMade = ({ type, callee }: Record<string, unknown>) =>
		(type === 'NewExpression' || type === 'CallExpression') &&
		(callee as { name?: unknown }).name === 'RegExp';
	expect(FILES.filter((file) => nodesOf(file).some(isMade))).toEqual([]);
});
