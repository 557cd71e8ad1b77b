// ISO/IEC 14496-12 sections 8.6 to 8.8: where samples lie in the file

import type { Bytes } from '../../bytes.ts';
import { refuse } from '../file-refused.ts';
import { type Box, boxesOf, boxIn, findBox, putUint, uint, uint32, uint64 } from './movie-box.ts';
import type { AddExtent } from './movie-extents.ts';
import { soundFrame } from './movie-sample-entry.ts';
import { handlerOf, type Keeps } from './movie-scrub.ts';

/**
 * Reports the chunks of a trak. Chunks behind the last sample, samples that have no chunk, and what lies behind `limit`, where a
 * cut file ends, are taken out of the counts in place: players pass over them. Throws `FileRefused` where a table is longer
 * than its box.
 */
export function chunkExtents(bytes: Bytes, trak: Box, limit: number, add: AddExtent): void {
	const table = findBox(bytes, trak, 'mdia', 'minf', 'stbl');
	const sizes = readSizes(bytes, trak, table);
	const runs = readTable(findBox(bytes, table, 'stsc'), bytes, 12);
	const offsets = readOffsets(bytes, table);
	let run = -1;
	let lastRun = -1;
	let sample = 0;
	let chunk = 0;
	for (; chunk < offsets.count; chunk++) {
		if (run + 1 < runs.count && uint32(bytes, runs.at + 12 * (run + 1)) === chunk + 1) run += 1;
		if (run < 0) refuse();
		const inChunk = uint32(bytes, runs.at + 12 * run + 4);
		if (sample === sizes.count && inChunk > 0) break;
		let next = Math.min(sample + inChunk, sizes.count);
		const start = uint(bytes, offsets.at + chunk * offsets.width, offsets.width);
		if (start + sizes.sum(sample, next) > limit) {
			next = wholeSamples(sizes, sample, next, limit - start);
			if (next === sample) break;
		}
		add(start, start + sizes.sum(sample, next));
		sample = next;
		lastRun = run;
	}
	putUint(bytes, sizes.at, 4, sample);
	putUint(bytes, offsets.at - 4, 4, chunk);
	putUint(bytes, runs.at - 4, 4, lastRun + 1);
}

type Sizes = ReturnType<typeof readSizes>;

/** The first sample, from `first` on and before `end`, that is not whole in so many bytes. */
function wholeSamples(sizes: Sizes, first: number, end: number, bytes: number): number {
	let left = bytes;
	for (let sample = first; sample < end; sample++) {
		left -= sizes.sum(sample, sample + 1);
		if (left < 0) return sample;
	}
	return end;
}

/** Section 8.7.3. */
export function readSizes(bytes: Bytes, trak: Box, table: Box) {
	const box = boxIn(bytes, table, 'stsz') ?? findBox(bytes, table, 'stz2');
	const from = box.body + 12;
	const count = uint32(bytes, from - 4);
	const uniform = uint32(bytes, from - 8);
	if (box.type === 'stsz' && uniform !== 0) {
		const isFrames = uniform === 1 && handlerOf(bytes, trak) === 'soun';
		const size = isFrames ? soundFrame(bytes, findBox(bytes, table, 'stsd')) : uniform;
		const sum = (first: number, end: number) => Math.ceil((end - first) * size);
		return { at: from - 4, count, sum };
	}
	const bits = box.type === 'stsz' ? 32 : uniform;
	if (![4, 8, 16, 32].includes(bits) || from + (count * bits) / 8 > box.end) refuse();
	const sizeOf = (sample: number) => {
		if (bits !== 4) return uint(bytes, from + (sample * bits) / 8, bits / 8);
		const pair = uint(bytes, from + (sample >> 1), 1);
		return sample % 2 === 0 ? pair >> 4 : pair & 15;
	};
	const sum = (first: number, end: number) => {
		let total = 0;
		for (let sample = first; sample < end; sample++) total += sizeOf(sample);
		return total;
	};
	return { at: from - 4, count, sum };
}

/** Puts new chunk offsets in place of all old ones of a file's moov; they must fit in their tables. */
export function moveChunks(bytes: Bytes, moov: Box, move: (offset: number) => number): void {
	for (const trak of boxesOf(bytes, moov, 'trak')) {
		const { at, count, width } = readOffsets(bytes, findBox(bytes, trak, 'mdia', 'minf', 'stbl'));
		for (let i = 0; i < count; i++)
			putUint(bytes, at + i * width, width, move(uint(bytes, at + i * width, width)));
	}
}

/** Section 8.7.5. */
export function readOffsets(bytes: Bytes, table: Box) {
	const box = boxIn(bytes, table, 'stco') ?? findBox(bytes, table, 'co64');
	const width = box.type === 'stco' ? 4 : 8;
	return { ...readTable(box, bytes, width), width };
}

/** Where the entries of a table begin, and how many there are. */
export function readTable({ body, end }: Box, bytes: Bytes, width: number) {
	const count = uint32(bytes, body + 4);
	if (body + 8 + count * width > end) refuse();
	return { at: body + 8, count };
}

/** Bytes a sample where a fragment does not say, by track (section 8.8.3). */
export function defaultSizes(bytes: Bytes, moov: Box): ReadonlyMap<number, number> {
	const sizes = new Map<number, number>();
	for (const { body } of boxesOf(bytes, findBox(bytes, moov, 'mvex'), 'trex'))
		sizes.set(uint32(bytes, body + 4), uint32(bytes, body + 16));
	return sizes;
}

/**
 * Reports the runs of a moof's kept tracks (section 8.8.4 to 8.8.8); `moofStart` is where it lies in the file. Throws
 * `FileRefused`, too, where taking a track out would move the runs of the next.
 */
export function runExtents(
	bytes: Bytes,
	moof: Box,
	moofStart: number,
	defaults: ReadonlyMap<number, number>,
	keeps: Keeps,
	add: AddExtent,
): void {
	let before = moofStart;
	let isOneGone = false;
	for (const traf of boxesOf(bytes, moof, 'traf')) {
		const { body } = findBox(bytes, traf, 'tfhd');
		const flags = uint32(bytes, body);
		const track = uint32(bytes, body + 4);
		const isKept = keeps(track);
		let at = body + 8;
		let base = before;
		if (flags & 0x1) {
			base = uint64(bytes, at);
			at += 8;
		} else if (flags & 0x20000) base = moofStart;
		else if (isKept && isOneGone) refuse();
		at += (flags & 0x2 ? 4 : 0) + (flags & 0x8 ? 4 : 0);
		const size = flags & 0x10 ? uint32(bytes, at) : (defaults.get(track) ?? refuse());
		let end = base;
		for (const trun of boxesOf(bytes, traf, 'trun')) {
			const { start, length } = readRun(bytes, trun, base, end, size);
			end = start + length;
			if (isKept) add(start, end);
		}
		before = end;
		isOneGone ||= !isKept;
	}
}

/** Section 8.8.8. */
function readRun(bytes: Bytes, trun: Box, base: number, after: number, size: number) {
	const flags = uint32(bytes, trun.body);
	const count = uint32(bytes, trun.body + 4);
	let at = trun.body + 8;
	let start = after;
	if (flags & 0x1) {
		start = base + (uint32(bytes, at) | 0);
		at += 4;
	}
	if (flags & 0x4) at += 4;
	let width = 0;
	for (const field of [0x100, 0x200, 0x400, 0x800]) if (flags & field) width += 4;
	const end = at + count * width;
	if (end > trun.end) refuse();
	bytes.fill(0, end, trun.end);
	if (!(flags & 0x200)) return { start, length: count * size };
	let length = 0;
	for (let entry = at + (flags & 0x100 ? 4 : 0); entry < end; entry += width)
		length += uint32(bytes, entry);
	return { start, length };
}
