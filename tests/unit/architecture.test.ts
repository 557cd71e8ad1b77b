import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { filesBelow } from '../../tools/bundle-sizes.ts';

/** Imports that the drawing does not have: they lead upwards, and are to be moved. */
const UPWARDS: readonly string[] = [];

const SOURCES = ['src', 'sw'].flatMap(filesBelow).filter((file) => /\.tsx?$/.test(file));

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g;

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
		for (const [, target = ''] of text.matchAll(IMPORT)) {
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

/** The folder of a participant of a drawing: `files` is `src/chat/files`. */
function folderOf(participant: string): string | undefined {
	const folders = [`src/chat/${participant}`, `src/${participant}`, participant];
	return folders.find((folder) => existsSync(folder));
}

it('a file that is named at an arrow of the other drawings is in a room at its ends', () => {
	const arrows = readFileSync('docs/ARCHITECTURE.md', 'utf8').matchAll(
		/^ {2}(\w+)-?->>(\w+): (.*)$/gm,
	);
	const named = [...arrows].flatMap(([, from = '', to = '', text = '']) =>
		[...text.matchAll(/\(([^)]*)\)/g)]
			.flatMap(([, names = '']) => names.split(', '))
			.map((name) => ({ name, rooms: [folderOf(from), folderOf(to)] })),
	);
	expect(named.length).toBeGreaterThan(20);
	const isThere = ({ name, rooms }: (typeof named)[number]) =>
		SOURCES.some(
			(file) =>
				rooms.includes(path.posix.dirname(file)) &&
				(name.endsWith('*')
					? path.basename(file).startsWith(name.slice(0, -1))
					: path.parse(file).name === name),
		);
	expect(named.filter((arrow) => !isThere(arrow))).toEqual([]);
});

/** What one room alone may use, and where. The linter says so while one writes; this finds what it cannot see. */
const KEPT_TO: readonly (readonly [string, RegExp, readonly string[]])[] = [
	['stanza', /'stanza(?:\/[^']*)?'/, ['src/xmpp/']],
	['IndexedDB', /\bindexedDB\b|from 'idb'/, ['src/vault/']],
	[
		'WebCrypto',
		/\bsubtle\b/,
		[
			'src/core/crypto/',
			'src/vault/',
			'src/omemo/',
			// Its types.
			'src/core/platform.d.ts',
		],
	],
];

it.each(KEPT_TO)('%s is used where it belongs', (_, pattern, places) => {
	const users = SOURCES.filter((file) => pattern.test(readFileSync(file, 'utf8')));
	expect(users.length).toBeGreaterThan(0);
	expect(users.filter((file) => !places.some((place) => file.startsWith(place)))).toEqual([]);
});

it('no folder of ui imports one that imports it, and parts import none', () => {
	const folderOf = (file: string) => /^src\/ui\/([^/]+)\//.exec(file)?.[1];
	const imports = new Map<string, Set<string>>();
	for (const file of SOURCES) {
		const from = folderOf(file);
		if (from === undefined) continue;
		const targets = imports.get(from) ?? new Set();
		imports.set(from, targets);
		for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
			const to = folderOf(path.posix.join(path.posix.dirname(file), target));
			if (to !== undefined && to !== from) targets.add(to);
		}
	}
	const reached = (folder: string, seen = new Set<string>()): Set<string> => {
		for (const next of imports.get(folder) ?? [])
			if (!seen.has(next)) reached(next, seen.add(next));
		return seen;
	};
	expect([...imports.keys()].filter((folder) => reached(folder).has(folder))).toEqual([]);
	expect([...(imports.get('parts') ?? [])]).toEqual([]);
});

/** Places of ui that may name the whole messenger; the third and those below are to take areas. */
const TAKES_MESSENGER = ['src/ui/chat-screen/', 'src/ui/root/'];

it('components take the areas of the messenger that they need', () => {
	const naming = SOURCES.filter(
		(file) =>
			file.startsWith('src/ui/') &&
			/import type \{[^}]*\bMessenger\b[^}]*\}/.test(readFileSync(file, 'utf8')),
	);
	expect(naming).toContain('src/ui/chat-screen/chat-screen.tsx');
	expect(naming.filter((file) => !TAKES_MESSENGER.some((place) => file.startsWith(place)))).toEqual(
		[],
	);
});
