import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { filesBelow } from '../../tools/bundle-sizes.ts';

/** Imports that the drawing does not have: they lead upwards, and are to be moved. */
const UPWARDS: readonly string[] = ['people --> files'];

const SOURCES = ['src', 'sw'].flatMap(filesBelow).filter((file) => /\.tsx?$/.test(file));

/** The rooms that a file is in, from the outside in: `src/chat/files/x.ts` is in chat and in files. */
function roomsOf(file: string): string[] {
	const [top = '', area = '', room = ''] = file.split('/');
	if (top === 'sw') return ['sw'];
	if (area === 'chat') return ['chat', room];
	if (area === 'omemo' && room === 'ratchet') return ['ratchet'];
	return [area];
}

/** An arrow for each import that leads from one room to another; inside chat, between the rooms there. */
function arrowsOfImports(): Set<string> {
	const arrows = new Set<string>();
	for (const file of SOURCES) {
		const text = readFileSync(file, 'utf8');
		for (const [, target = ''] of text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)) {
			const [from = '', inner = ''] = roomsOf(file);
			const [to = '', innerTo = ''] = roomsOf(path.posix.join(path.posix.dirname(file), target));
			if (from !== to) arrows.add(`${from} --> ${to}`);
			else if (inner !== innerTo) arrows.add(`${inner} --> ${innerTo}`);
		}
	}
	return arrows;
}

it('the drawing in ARCHITECTURE.md is what the imports say', () => {
	const [, drawing = ''] = /```mermaid\ngraph TD\n(.*?)```/s.exec(
		readFileSync('docs/ARCHITECTURE.md', 'utf8'),
	) ?? [''];
	const drawn = [...drawing.matchAll(/\w+ --> \w+/g)].map(([arrow]) => arrow);
	const imported = [...arrowsOfImports()].filter((arrow) => !UPWARDS.includes(arrow));
	expect(drawn.length).toBeGreaterThan(20);
	expect(imported.sort()).toEqual(drawn.sort());
});
