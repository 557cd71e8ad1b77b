// ISO/IEC 14496-12 section 8, QuickTime File Format "Movie Atoms"

import { type Bytes, concatBytes } from '../../bytes.ts';
import { refuse } from '../file-refused.ts';
import {
	type Box,
	blankBox,
	boxesIn,
	findBox,
	makeHeader,
	nameAt,
	putUint,
	uint,
	uint32,
} from './movie-box.ts';
import { scrubSampleEntries } from './movie-sample-entry.ts';
import { isSphericalV1, scrubSphericalV1 } from './movie-spherical.ts';

/** All that may stay, by what it lies in: what is not named here could say who, where, when or with what. */
const KEPT = new Map(
	Object.entries({
		moov: 'mvhd trak mvex',
		trak: 'tkhd edts mdia tref tapt',
		edts: 'elst',
		tapt: 'clef prof enof',
		mdia: 'mdhd hdlr minf elng',
		minf: 'vmhd smhd hdlr dinf stbl',
		dinf: 'dref',
		stbl: 'stsd stts ctts cslg stss stps stsc stsz stz2 stco co64 sdtp sbgp sgpd subs',
		mvex: 'mehd trex',
		moof: 'mfhd traf',
		traf: 'tfhd tfdt trun sdtp sbgp sgpd subs',
	}).map(([parent, names]) => [parent, names.split(' ')]),
);
const REPEATED = ['trak', 'trex', 'traf', 'trun', 'sbgp', 'sgpd', 'subs'];
/** Bytes an entry, of the tables that begin with version, flags and a count. */
const ENTRY: Record<string, number> = {
	stts: 8,
	ctts: 8,
	stss: 4,
	stps: 4,
	stsc: 12,
	stco: 4,
	co64: 8,
};
/** Bytes of content, by the version of the box; what is behind is nothing's. */
const LENGTHS: Record<string, readonly [number, number]> = {
	mvhd: [100, 112],
	tkhd: [84, 96],
	mdhd: [24, 36],
	vmhd: [12, 12],
	smhd: [8, 8],
	mehd: [8, 12],
	trex: [24, 24],
	mfhd: [8, 8],
	tfdt: [8, 12],
	cslg: [24, 44],
	clef: [12, 12],
	prof: [12, 12],
	enof: [12, 12],
};
/** No camera writes an index of more boxes. */
const MAX_BOXES = 20_000;

/** Whether the track of a number stays. */
export type Keeps = (track: number) => boolean;

/**
 * Overwrites in place, sizes unchanged, whatever a moov or moof says beyond how to show the tracks that stay: boxes that go
 * become `free` and zero. Throws `FileRefused` for what it cannot read.
 */
export function scrubMovie(bytes: Bytes, root: Box, keeps: Keeps): void {
	let boxes = 0;
	let isVideo = false;

	const scrub = (box: Box): void => {
		if (box.type === 'trak') isVideo = handlerOf(bytes, box) === 'vide';
		const names = KEPT.get(box.type);
		if (names === undefined) {
			scrubLeaf(box);
			return;
		}
		const seen = new Set<string>();
		let end = box.body;
		for (const child of boxesIn(bytes, box.body, box.end)) {
			if (++boxes > MAX_BOXES) refuse();
			const track = names.includes(child.type) ? trackOf(bytes, child) : undefined;
			if (names.includes(child.type) && (track === undefined || keeps(track))) {
				// Which of two tables a player takes is anybody's guess.
				if (seen.has(child.type) && !REPEATED.includes(child.type)) refuse();
				seen.add(child.type);
				scrub(child);
			} else if (box.type === 'trak' && isSphericalV1(bytes, child)) scrubSphericalV1(bytes, child);
			else blankBox(bytes, child);
			end = child.end;
		}
		bytes.fill(0, end, box.end);
	};

	const scrubLeaf = (box: Box): void => {
		const { type, body, end } = box;
		const table = ENTRY[type];
		const length = LENGTHS[type]?.[isLong(bytes, box) ? 1 : 0];
		if (length !== undefined && body + length < end) bytes.fill(0, body + length, end);
		if (table !== undefined) cutTable(bytes, box, table);
		else if (type === 'elst') cutTable(bytes, box, isLong(bytes, box) ? 20 : 12);
		else if (type === 'stsz' || type === 'stz2') cutSizes(bytes, box);
		else if (type === 'dref') scrubDataReferences(bytes, box);
		else if (type === 'stsd') scrubSampleEntries(bytes, box, isVideo);
		else if (type === 'tref') scrubTrackReferences(bytes, box, keeps);
		else if (type === 'mvhd' || type === 'tkhd' || type === 'mdhd') {
			const times = isLong(bytes, box) ? 16 : 8;
			if (body + 4 + times > end) refuse();
			bytes.fill(0, body + 4, body + 4 + times);
		} else if (type === 'hdlr') {
			// An empty name is the same as a Pascal string (QuickTime) and as a C string (ISO).
			if (body + 20 > end) refuse();
			bytes.fill(0, body + 12, end);
		}
	};

	scrub(root);
}

/** The kind of media in a trak: `vide`, `soun` and others. */
export function handlerOf(bytes: Uint8Array, trak: Box): string {
	return nameAt(bytes, findBox(bytes, trak, 'mdia', 'hdlr').body + 8);
}

/** How a trak's media is coded, by its first description. */
export function formatOf(bytes: Uint8Array, trak: Box): string {
	return nameAt(bytes, findBox(bytes, trak, 'mdia', 'minf', 'stbl', 'stsd').body + 12);
}

/** The number of the track that a trak, trex or traf is about; undefined for other boxes. */
export function trackOf(bytes: Uint8Array, box: Box): number | undefined {
	if (box.type === 'trex') return uint32(bytes, box.body + 4);
	if (box.type === 'traf') return uint32(bytes, findBox(bytes, box, 'tfhd').body + 4);
	if (box.type !== 'trak') return undefined;
	const header = findBox(bytes, box, 'tkhd');
	return uint32(bytes, header.body + (isLong(bytes, header) ? 20 : 12));
}

/** A scrubbed moov without its `free` boxes; `wide` makes 64-bit chunk offsets of the 32-bit ones. */
export function compactMovie(bytes: Bytes, box: Box, wide: boolean): Bytes {
	if (KEPT.has(box.type) || box.type === 'tref') {
		const parts: Bytes[] = [];
		for (const child of boxesIn(bytes, box.body, box.end))
			if (child.type !== 'free') parts.push(compactMovie(bytes, child, wide));
		return boxOf(box.type, concatBytes(...parts));
	}
	const entry = ENTRY[box.type];
	if (entry === undefined) return bytes.subarray(box.start, box.end);
	const count = uint32(bytes, box.body + 4);
	if (!wide || box.type !== 'stco')
		return boxOf(box.type, bytes.subarray(box.body, box.body + 8 + count * entry));
	const content = new Uint8Array(8 + 8 * count);
	putUint(content, 4, 4, count);
	for (let i = 0; i < count; i++)
		putUint(content, 8 + 8 * i, 8, uint32(bytes, box.body + 8 + 4 * i));
	return boxOf('co64', content);
}

function boxOf(type: string, content: Bytes): Bytes {
	return concatBytes(makeHeader(type, content.length), content);
}

function isLong(bytes: Uint8Array, box: Box): boolean {
	const version = uint(bytes, box.body, 1);
	if (version > 1) refuse();
	return version === 1;
}

/** Zeroes what lies behind the entries that a table counts. */
function cutTable(bytes: Bytes, box: Box, entry: number): void {
	const end = box.body + 8 + uint32(bytes, box.body + 4) * entry;
	if (end > box.end) refuse();
	bytes.fill(0, end, box.end);
}

/** Section 8.7.3: of one size for all no table is needed. */
function cutSizes(bytes: Bytes, { type, body, end }: Box): void {
	const width = uint32(bytes, body + 4);
	const bits = type === 'stz2' ? width : width === 0 ? 32 : 0;
	const last = body + 12 + Math.ceil((uint32(bytes, body + 8) * bits) / 8);
	if (last > end) refuse();
	bytes.fill(0, last, end);
}

/** QuickTime's aliases hold the names of disks and folders. Media in another file cannot be cleaned. */
function scrubDataReferences(bytes: Bytes, dref: Box): void {
	for (const box of boxesIn(bytes, dref.body + 8, dref.end)) {
		const isInThisFile = uint32(bytes, box.body) % 2 === 1;
		if (!isInThisFile) refuse();
		bytes.set(makeHeader('url ', 0).subarray(4), box.start + 4);
		bytes.fill(0, box.body, box.end);
		putUint(bytes, box.body, 4, 1);
	}
}

/** A reference to a track that goes goes with it, and the whole box where none stays. */
function scrubTrackReferences(bytes: Bytes, tref: Box, keeps: Keeps): void {
	let isEmpty = true;
	for (const box of boxesIn(bytes, tref.body, tref.end)) {
		let isKept = true;
		for (let at = box.body; at < box.end; at += 4) isKept &&= keeps(uint32(bytes, at));
		if (isKept) isEmpty = false;
		else blankBox(bytes, box);
	}
	if (isEmpty) blankBox(bytes, tref);
}
