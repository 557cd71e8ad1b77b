/**
 * `npm run bench`: ratios measured side by side, in each engine; results.json holds the rows.
 * `npm run bench -- memory webkit` measures some of it anew.
 */
import { existsSync } from 'node:fs';
import { bundleSizes } from '../../tools/bundle-sizes.ts';
import { chromiumPath } from '../e2e/browser/playwright.ts';
import { albumRows } from './album.ts';
import { catchUpRows } from './catch-up.ts';
import { conversationRows } from './conversation.ts';
import { conversationMemoryRows } from './conversation-memory.ts';
import { decryptRows } from './decrypt.ts';
import { memoryRows } from './memory.ts';
import { networkRows } from './network.ts';
import { playbackRows } from './playback.ts';
import { ratchetRows } from './ratchet.ts';
import { keepRows, type Row, rowOf } from './rows.ts';
import { shareMemoryRows, shareRows } from './share.ts';

const BENCHES: Record<string, (engine: string) => Promise<Row[]>> = {
	decrypt: decryptRows,
	front: (engine) => playbackRows(engine, 'front', true),
	end: (engine) => playbackRows(engine, 'end', false),
	tagged: (engine) => playbackRows(engine, 'tagged', false),
	network: networkRows,
	memory: memoryRows,
	ratchet: ratchetRows,
	conversation: conversationRows,
	'conversation-memory': conversationMemoryRows,
	'catch-up': catchUpRows,
	share: shareRows,
	'share-memory': shareMemoryRows,
	album: albumRows,
};
const ENGINES = ['chromium', 'webkit'];

if (!existsSync(chromiumPath())) {
	console.error(
		'The benches need Chromium as people have it (Debian: chromium; elsewhere: npx playwright install).',
	);
	process.exit(1);
}
const chosen = process.argv.slice(2);
const pick = (all: readonly string[]) => {
	const some = all.filter((name) => chosen.includes(name));
	return some.length > 0 ? some : all;
};
const names = pick(Object.keys(BENCHES));
const sizes = bundleSizes('dist').map(({ name, value, limit }) =>
	rowOf(name, 'all', 'KiB', `<=${limit}`, [value]),
);
keepRows(sizes);
console.table(sizes);
for (const engine of pick(ENGINES))
	for (const name of names) {
		const rows = (await BENCHES[name]?.(engine)) ?? [];
		keepRows(rows);
		console.table(rows);
	}
process.exit(0);
