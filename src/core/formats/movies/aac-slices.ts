// AAC in MP4, as slices that decode one by one: ISO/IEC 14496-12 section 8, 14496-14 section 5.6, 14496-3 sections 1.6.2 and 1.A.3.2

import { type Bytes, concatBytes } from '../../bytes.ts';
import { FileRefused, refuse } from '../file-refused.ts';
import { type Box, boxesIn, boxesOf, boxIn, findBox, uint, uint32, uint64 } from './movie-box.ts';
import { SOUND_FIELDS } from './movie-sample-entry.ts';
import { defaultSizes, readOffsets, readSizes, readTable } from './movie-samples.ts';

interface Sample {
	readonly start: number;
	readonly end: number;
}

/** The fields that an ADTS header repeats before each sample. */
interface Setup {
	readonly profile: number;
	readonly rate: number;
	readonly channels: number;
}

const ADTS_HEADER = 7;
/** A header has 13 bits for the length. */
const MAX_SAMPLE = 2 ** 13 - 1 - ADTS_HEADER;
/** Kinds of streams that are AAC: MPEG-4's, and the three profiles of MPEG-2. */
const AAC_STREAMS = [0x40, 0x66, 0x67, 0x68];
const ES_DESCRIPTOR = 3;
const DECODER_DESCRIPTOR = 4;
const DECODER_SPECIFIC = 5;
/** Audio object types for copied spectral bands (HE-AAC): the coding below it follows. */
const BAND_COPYING = [5, 29];

/**
 * The sound of an MP4 that holds one track of AAC and nothing else, as ADTS streams of about `most` bytes. A sample may hold any number
 * of frames, four bytes each at the least, which no table tells: only what is decoded a slice at a time can be stopped. undefined for
 * what is no such file, or names more samples than it has bytes for.
 */
export function aacSlices(bytes: Bytes, most: number): Bytes[] | undefined {
	try {
		return wrap(bytes, most);
	} catch (thrown) {
		if (thrown instanceof FileRefused) return undefined;
		throw thrown;
	}
}

function wrap(bytes: Bytes, most: number): Bytes[] {
	const file: Box = { type: '', start: 0, body: 0, end: bytes.length };
	const moov = findBox(bytes, file, 'moov');
	const [trak = refuse(), ...others] = boxesOf(bytes, moov, 'trak');
	if (others.length > 0) refuse();
	const setup = readSetup(bytes, findBox(bytes, trak, 'mdia', 'minf', 'stbl', 'stsd'));
	const slices: Bytes[] = [];
	let parts: Bytes[] = [];
	let length = 0;
	let left = bytes.length;
	const close = () => {
		slices.push(concatBytes(...parts));
		parts = [];
		length = 0;
	};
	for (const { start, end } of samplesOf(bytes, file, moov, trak)) {
		const size = end - start;
		left -= size;
		// A file whose samples share bytes could be endless.
		if (size === 0 || size > MAX_SAMPLE || end > bytes.length || left < 0) refuse();
		parts.push(adtsHeader(setup, size), bytes.subarray(start, end));
		length += ADTS_HEADER + size;
		if (length >= most) close();
	}
	if (length > 0) close();
	return slices;
}

function* samplesOf(bytes: Bytes, file: Box, moov: Box, trak: Box): Generator<Sample> {
	yield* indexed(bytes, trak);
	const hasFragments = boxIn(bytes, moov, 'mvex') !== undefined;
	if (!hasFragments) return;
	const [defaultSize = 0] = defaultSizes(bytes, moov).values();
	for (const moof of boxesOf(bytes, file, 'moof')) {
		const [traf, second] = boxesOf(bytes, moof, 'traf');
		if (second !== undefined) refuse();
		if (traf !== undefined) yield* inFragment(bytes, moof, traf, defaultSize);
	}
}

/** Sections 8.7.3 to 8.7.5. */
function* indexed(bytes: Bytes, trak: Box): Generator<Sample> {
	const table = findBox(bytes, trak, 'mdia', 'minf', 'stbl');
	const sizes = readSizes(bytes, trak, table);
	const runs = readTable(findBox(bytes, table, 'stsc'), bytes, 12);
	const offsets = readOffsets(bytes, table);
	let run = -1;
	let sample = 0;
	for (let chunk = 0; chunk < offsets.count; chunk++) {
		if (run + 1 < runs.count && uint32(bytes, runs.at + 12 * (run + 1)) === chunk + 1) run += 1;
		if (run < 0) refuse();
		const next = Math.min(sample + uint32(bytes, runs.at + 12 * run + 4), sizes.count);
		let start = uint(bytes, offsets.at + chunk * offsets.width, offsets.width);
		for (; sample < next; sample++) {
			const end = start + sizes.sum(sample, sample + 1);
			yield { start, end };
			start = end;
		}
	}
}

/** Sections 8.8.7 and 8.8.8. */
function* inFragment(bytes: Bytes, moof: Box, traf: Box, defaultSize: number): Generator<Sample> {
	const { body } = findBox(bytes, traf, 'tfhd');
	const flags = uint32(bytes, body);
	let at = body + 8;
	const base = flags & 0x1 ? uint64(bytes, at) : moof.start;
	for (const field of [0x1, 0x1, 0x2, 0x8]) if (flags & field) at += 4;
	const usual = flags & 0x10 ? uint32(bytes, at) : defaultSize;
	let start = base;
	for (const trun of boxesOf(bytes, traf, 'trun')) {
		const says = uint32(bytes, trun.body);
		const count = uint32(bytes, trun.body + 4);
		let entry = trun.body + 8;
		if (says & 0x1) {
			start = base + (uint32(bytes, entry) | 0);
			entry += 4;
		}
		if (says & 0x4) entry += 4;
		let width = 0;
		for (const field of [0x100, 0x200, 0x400, 0x800]) if (says & field) width += 4;
		if (start < 0 || entry + count * width > trun.end) refuse();
		if (says & 0x100) entry += 4;
		for (let i = 0; i < count; i++) {
			const end = start + (says & 0x200 ? uint32(bytes, entry + i * width) : usual);
			yield { start, end };
			start = end;
		}
	}
}

function readSetup(bytes: Bytes, stsd: Box): Setup {
	const [entry = refuse(), second] = boxesIn(bytes, stsd.body + 8, stsd.end);
	if (second !== undefined || entry.type !== 'mp4a') refuse();
	const version = uint(bytes, stsd.body, 1) === 0 ? uint(bytes, entry.start + 16, 2) : 0;
	const body = entry.start + (SOUND_FIELDS[version] ?? refuse());
	const inside = { ...entry, body };
	// QuickTime puts it into a box of its own.
	const wave = boxIn(bytes, inside, 'wave');
	const esds = boxIn(bytes, inside, 'esds') ?? findBox(bytes, wave ?? refuse(), 'esds');
	return readConfig(bytes, esds);
}

/** Descriptors: ISO/IEC 14496-1 section 7.2.6. */
function readConfig(bytes: Bytes, esds: Box): Setup {
	const stream = descriptor(bytes, esds.body + 4, esds.end, ES_DESCRIPTOR);
	// Of what may stand before the rest (another stream, an address), nothing stands there in a file.
	if (uint(bytes, stream.at + 2, 1) & 0xe0) refuse();
	const decoder = descriptor(bytes, stream.at + 3, stream.end, DECODER_DESCRIPTOR);
	if (!AAC_STREAMS.includes(uint(bytes, decoder.at, 1))) refuse();
	const config = descriptor(bytes, decoder.at + 13, decoder.end, DECODER_SPECIFIC);
	return readSpecific(bytes.subarray(config.at, config.end));
}

function descriptor(bytes: Bytes, at: number, end: number, tag: number) {
	if (uint(bytes, at, 1) !== tag) refuse();
	let length = 0;
	for (let i = 1; i <= 4; i++) {
		const byte = uint(bytes, at + i, 1);
		length = length * 128 + (byte & 127);
		if (byte < 128) {
			const from = at + i + 1;
			if (from + length > end) refuse();
			return { at: from, end: from + length };
		}
	}
	return refuse();
}

/** AudioSpecificConfig: ISO/IEC 14496-3 section 1.6.2.1. */
function readSpecific(config: Bytes): Setup {
	let bit = 0;
	const take = (count: number) => {
		let value = 0;
		for (let i = 0; i < count; i++, bit++)
			value = value * 2 + ((uint(config, bit >> 3, 1) >> (7 - (bit & 7))) & 1);
		return value;
	};
	const coding = take(5);
	const rate = take(4);
	const channels = take(4);
	let core = coding;
	if (BAND_COPYING.includes(coding)) {
		if (take(4) === 15) refuse();
		core = take(5);
	}
	// Of what ADTS cannot say: other codings, rates and layouts of the file's own.
	if (core < 1 || core > 4 || rate > 12 || channels === 0 || channels > 7) refuse();
	return { profile: core - 1, rate, channels };
}

function adtsHeader({ profile, rate, channels }: Setup, size: number): Bytes {
	const length = size + ADTS_HEADER;
	return Uint8Array.of(
		0xff,
		0xf1,
		(profile << 6) | (rate << 2) | (channels >> 2),
		((channels & 3) << 6) | (length >> 11),
		(length >> 3) & 0xff,
		((length & 7) << 5) | 0x1f,
		0xfc,
	);
}
