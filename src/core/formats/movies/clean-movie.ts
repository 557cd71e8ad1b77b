// MP4, M4A and MOV: ISO/IEC 14496-12, QuickTime File Format

import { type Bytes, concatBytes, equalBytes } from '../../bytes.ts';
import type { FilePart, ReadableFile } from '../file-part.ts';
import { refuse, unlessRefused } from '../file-refused.ts';
import { makePartList } from '../part-list.ts';
import { TABLE_GAIN } from '../tables/table-size.ts';
import { type Box, boxesIn, boxesOf, findBox, makeHeader } from './movie-box.ts';
import { scrubBrands } from './movie-brands.ts';
import { type AddExtent, makeExtents, rankOf } from './movie-extents.ts';
import { type FileBox, isBrands, readFileBoxes } from './movie-file.ts';
import { FRAME_HEAD, hasNotes, isStill, refuseTellingFrames } from './movie-frames.ts';
import { chunkExtents, defaultSizes, moveChunks, runExtents } from './movie-samples.ts';
import {
	compactMovie,
	formatOf,
	handlerOf,
	type Keeps,
	scrubMovie,
	trackOf,
} from './movie-scrub.ts';

/** Pictures that may hold notes of their own. */
const STILL = ['jpeg', 'png '];
/** Ranges of fragments whose beginning is looked at. */
const GLANCES = 16;
/** They tell where fragments lie, those that go among them: they stay where all tracks do. */
const SEEK_TABLES = ['sidx', 'ssix', 'mfra'];

/**
 * Plans a movie or a sound without place, times, names of makers and programs, comments, covers, chapters, subtitles and timed
 * metadata, whose index comes first. Samples of pictures and sound are not touched; of all else not a byte is left. What is
 * fragmented keeps its layout, with zeros for what went. undefined for what is no whole, well-formed movie that holds all its
 * media; throws nothing but what `read` throws.
 */
export async function planCleanMovie(file: ReadableFile): Promise<readonly FilePart[] | undefined> {
	return unlessRefused(async () => {
		const boxes = await readFileBoxes(file);
		if (boxes.some((box) => box.type === 'ftyp' && !isBrands(box))) refuse();
		const isFragmented = boxes.some(({ type }) => type === 'moof');
		return isFragmented ? planFragments(file, boxes) : planWhole(file, boxes);
	});
}

/** Where the media of a cut file end; samples that lie elsewhere are refused. */
function limitOf(boxes: readonly FileBox[]): number {
	const last = boxes.at(-1);
	return last?.isCut ? last.end : Number.POSITIVE_INFINITY;
}

/** Media of several boxes, and holes between its chunks, come together in one box behind the index. */
async function planWhole(
	file: ReadableFile,
	boxes: readonly FileBox[],
): Promise<readonly FilePart[]> {
	const { bytes, moov, keeps } = readIndex(boxes);
	await refuseTellingFrames(file, bytes, moov, keeps);
	const extents = makeExtents();
	addChunks(bytes, moov, keeps, limitOf(boxes), extents.add);
	const ranges = extents.within(boxes);
	const positions: number[] = [];
	let length = 0;
	for (const { start, end } of ranges) {
		positions.push(length);
		length += end - start;
	}

	scrubMovie(bytes, moov, keeps);
	const parts = makePartList();
	const brands = scrubbedBrands(boxes);
	if (brands !== undefined) parts.add(brands);
	const head = makeHeader('mdat', length);
	const others = (brands?.length ?? 0) + head.length;
	let index = compactMovie(bytes, moov, false);
	// A table may come to stand in front of it.
	if (others + index.length + length + TABLE_GAIN >= 2 ** 32)
		index = compactMovie(bytes, moov, true);
	const base = others + index.length;
	const [root = refuse()] = boxesIn(index, 0, index.length);
	moveChunks(index, root, (offset) => {
		const rank = rankOf(ranges, offset);
		const into = (positions[rank] ?? 0) + offset - (ranges[rank]?.start ?? offset);
		// A chunk without bytes may have lain anywhere.
		return base + Math.min(into, length);
	});
	parts.add(concatBytes(index, head));
	for (const { start, end } of ranges) parts.keep(start, end);
	return parts.list;
}

/** Fragments, and what else points into the file, hold places and distances: nothing moves. */
async function planFragments(
	file: ReadableFile,
	boxes: readonly FileBox[],
): Promise<readonly FilePart[]> {
	const { bytes, moov, keeps, isWhole } = readIndex(boxes);
	const sizes = defaultSizes(bytes, moov);
	const extents = makeExtents();
	const limit = limitOf(boxes);
	const add: AddExtent = (start, end) => extents.add(Math.min(start, limit), Math.min(end, limit));
	addChunks(bytes, moov, keeps, limit, add);
	const scrubbed = new Map<FileBox, Bytes>();
	const repeated = new Set(boxes.filter((box, i) => isRepeated(box, boxes[i + 1])));
	for (const box of boxes) {
		if (box.bytes === undefined || repeated.has(box)) continue;
		const was = box.bytes.slice();
		const inner = inside(box);
		if (box.type === 'moof') runExtents(box.bytes, inner, box.start, sizes, keeps, add);
		if (isBrands(box)) scrubBrands(box.bytes, inner);
		else scrubMovie(box.bytes, inner, keeps);
		if (!equalBytes(was, box.bytes)) scrubbed.set(box, box.bytes);
	}
	const ranges = extents.within(boxes);
	// Where their frames lie is not looked for in fragments: no camera writes pictures of their own there.
	for (const { start, end } of ranges.slice(0, GLANCES)) {
		const head = await file.read(start, Math.min(end, start + FRAME_HEAD));
		if (isStill(head) || hasNotes(head)) refuse();
	}

	const parts = makePartList();
	const stays = (box: FileBox) =>
		(['moov', 'moof', 'mdat'].includes(box.type) && !repeated.has(box)) ||
		isBrands(box) ||
		(isWhole && SEEK_TABLES.includes(box.type));
	let rank = 0;
	for (const box of boxes.slice(0, boxes.findLastIndex(stays) + 1)) {
		const index = scrubbed.get(box);
		if (index !== undefined) parts.add(index);
		else if (box.type === 'mdat') {
			parts.keep(box.start, box.body);
			let at = box.body;
			for (let range = ranges[rank]; range && range.start < box.end; range = ranges[++rank]) {
				parts.zeros(range.start - at);
				parts.keep(range.start, range.end);
				at = range.end;
			}
			parts.zeros(box.end - at);
		} else if (stays(box)) parts.keep(box.start, box.end);
		else {
			// Boxes shorter than 4 GiB: zeros end before.
			parts.add(makeHeader('free', box.end - box.start - 8));
			parts.zeros(box.end - box.start - 8);
		}
	}
	return parts.list;
}

/**
 * Whether the index of a fragment comes twice, as WebKitGTK's recorder (2.50) ends its files. The first has no media: its samples
 * would lie in the second.
 */
function isRepeated({ type, bytes }: FileBox, next: FileBox | undefined): boolean {
	if (type !== 'moof' || next?.type !== 'moof') return false;
	return bytes !== undefined && next.bytes !== undefined && equalBytes(bytes, next.bytes);
}

/** The one moov, and which of its tracks stay: pictures that move, and sound. */
function readIndex(boxes: readonly FileBox[]) {
	const [box = refuse(), second] = boxes.filter(({ type }) => type === 'moov');
	if (box.bytes === undefined || second !== undefined) refuse();
	const { bytes } = box;
	const moov = inside(box);
	findBox(bytes, moov, 'mvhd');
	const kinds = new Map<number, string>();
	for (const trak of boxesOf(bytes, moov, 'trak')) {
		const track = trackOf(bytes, trak) ?? refuse();
		if (kinds.has(track)) refuse();
		const kind = handlerOf(bytes, trak);
		const isStill = kind === 'vide' && STILL.includes(formatOf(bytes, trak));
		kinds.set(track, isStill ? 'still' : kind);
	}
	const all = [...kinds.values()];
	// Beside a video they are its thumbnail or chapters; alone, they are the video.
	const kept = all.includes('vide') ? ['vide', 'soun'] : ['still', 'soun'];
	return {
		bytes,
		moov,
		keeps: (track: number) => kept.includes(kinds.get(track) ?? ''),
		isWhole: all.every((kind) => kept.includes(kind)),
	};
}

function addChunks(bytes: Bytes, moov: Box, keeps: Keeps, limit: number, add: AddExtent): void {
	for (const trak of boxesOf(bytes, moov, 'trak'))
		if (keeps(trackOf(bytes, trak) ?? 0)) chunkExtents(bytes, trak, limit, add);
}

function scrubbedBrands(boxes: readonly FileBox[]): Bytes | undefined {
	const brands = boxes.find(isBrands);
	if (brands?.bytes !== undefined) scrubBrands(brands.bytes, inside(brands));
	return brands?.bytes;
}

/** The same box where its own bytes begin at 0. */
function inside({ type, start, body, end }: Box): Box {
	return { type, start: 0, body: body - start, end: end - start };
}
