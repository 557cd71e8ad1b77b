// ISO/IEC 14496-12

import { type Bytes, concatBytes } from '../../bytes.ts';
import type { FilePart, ReadableFile } from '../file-part.ts';
import { refuse } from '../file-refused.ts';
import {
	type Box,
	boxesIn,
	boxesOf,
	boxIn,
	findBox,
	makeHeader,
	putUint,
	uint,
	uint32,
} from '../movies/movie-box.ts';
import { type FileBox, readFileBoxes } from '../movies/movie-file.ts';
import { readOffsets } from '../movies/movie-samples.ts';
import { makePartList } from '../part-list.ts';
import { MAX_BRANDS, MOVIE_TABLE_HEADER, TABLE_TYPE } from './table-place.ts';
import { tableLength } from './table-size.ts';

/** Brands of a movie that has none: it is of before there were any. */
const QUICKTIME = concatBytes(makeHeader('ftyp', 12), new TextEncoder().encode('qt  \0\0\0\0qt  '));
const MAX_SEEK_TABLE = 2 ** 20;

/** Puts an empty place for a table behind the brands. All that points into the file moves; throws `FileRefused` where it cannot. */
export async function planMovieTable(file: ReadableFile): Promise<readonly FilePart[]> {
	const boxes = await readFileBoxes(file);
	const [first = refuse(), ...rest] = boxes;
	const hasBrands = first.type === 'ftyp';
	if (rest.some(({ type }) => type === 'ftyp' || type === 'meta')) refuse();
	if (hasBrands && (first.end > MAX_BRANDS || first.body !== 8)) refuse();
	const at = hasBrands ? first.end : 0;
	const added = hasBrands ? [] : [QUICKTIME];
	const length = tableLength(file.size);
	const header = concatBytes(makeHeader('uuid', 16 + length), TABLE_TYPE);
	const gain = MOVIE_TABLE_HEADER + length + (added[0]?.length ?? 0);

	const parts = makePartList();
	parts.keep(0, at);
	for (const part of [...added, header]) parts.add(part);
	parts.zeros(length);
	let end = at;
	for (const box of boxes) {
		const moved = await movedBox(file, box, gain);
		if (moved === undefined) continue;
		parts.keep(end, box.start);
		parts.add(moved);
		end = box.end;
	}
	parts.keep(end, file.size);
	return parts.list;
}

/** A box that tells places, as it is after all have moved by `gain`; undefined if it tells none. */
async function movedBox(
	file: ReadableFile,
	box: FileBox,
	gain: number,
): Promise<Bytes | undefined> {
	if (box.type === 'moov') return movedMovie(box.bytes ?? refuse(), inside(box), gain);
	if (box.type === 'moof') return movedFragment(box.bytes ?? refuse(), inside(box), gain);
	if (box.type !== 'mfra') return undefined;
	if (box.end - box.start > MAX_SEEK_TABLE) refuse();
	return movedSeekTable(await file.read(box.start, box.end), inside(box), gain);
}

/** Section 8.7.5. */
function movedMovie(bytes: Bytes, moov: Box, gain: number): Bytes {
	for (const trak of boxesOf(bytes, moov, 'trak')) {
		const table = findBox(bytes, trak, 'mdia', 'minf', 'stbl');
		if (boxIn(bytes, table, 'saio') !== undefined) refuse();
		const { at, count, width } = readOffsets(bytes, table);
		for (let entry = at; entry < at + count * width; entry += width)
			move(bytes, entry, width, gain);
	}
	return bytes;
}

/** Sections 8.8.7 and 8.7.9; most fragments count from their own start. */
function movedFragment(bytes: Bytes, moof: Box, gain: number): Bytes | undefined {
	let hasMoved = false;
	for (const traf of boxesOf(bytes, moof, 'traf')) {
		if (boxIn(bytes, traf, 'saio') !== undefined) refuse();
		const { body } = findBox(bytes, traf, 'tfhd');
		if ((uint32(bytes, body) & 1) === 0) continue;
		move(bytes, body + 8, 8, gain);
		hasMoved = true;
	}
	return hasMoved ? bytes : undefined;
}

/** Section 8.8.10. */
function movedSeekTable(bytes: Bytes, mfra: Box, gain: number): Bytes {
	for (const { type, body, end } of boxesIn(bytes, mfra.body, mfra.end)) {
		if (type !== 'tfra') continue;
		const width = uint(bytes, body, 1) === 1 ? 8 : 4;
		const lengths = uint32(bytes, body + 8);
		const numbers = (lengths & 3) + ((lengths >> 2) & 3) + ((lengths >> 4) & 3) + 3;
		const count = uint32(bytes, body + 12);
		const step = 2 * width + numbers;
		if (body + 16 + count * step > end) refuse();
		for (let i = 0; i < count; i++) move(bytes, body + 16 + i * step + width, width, gain);
	}
	return bytes;
}

function move(bytes: Bytes, at: number, width: number, gain: number): void {
	const moved = uint(bytes, at, width) + gain;
	if (moved >= 2 ** Math.min(53, 8 * width)) refuse();
	putUint(bytes, at, width, moved);
}

function inside({ type, start, body, end }: Box): Box {
	return { type, start: 0, body: body - start, end: end - start };
}
