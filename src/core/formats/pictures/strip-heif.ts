// HEIF and AVIF: ISO/IEC 23008-12, ISO/IEC 14496-12 section 8.11, AV1 Image File Format

import { type Bytes, concatBytes } from '../../bytes.ts';
import { FileRefused, refuse } from '../file-refused.ts';
import {
	type Box,
	blankBox,
	boxesIn,
	boxIn,
	makeHeader,
	putUint,
	readHeader,
	uint,
} from '../movies/movie-box.ts';
import {
	contentOf,
	firstInfo,
	type HeifItem,
	type Range,
	readHeifItems,
	readPlaceSizes,
} from './heif-items.ts';

/** Items that are pixels, or put some together: coded pictures, grids, overlays, gain maps. A JPEG would hold notes itself. */
const PICTURES = new Set(['av01', 'hvc1', 'lhv1', 'avc1', 'vvc1', 'grid', 'iovl', 'iden', 'tmap']);
/** Properties that decide how a picture looks. */
const KEPT_PROPERTIES = new Set([
	...[
		'ispe',
		'pixi',
		'colr',
		'pasp',
		'clap',
		'irot',
		'imir',
		'auxC',
		'rloc',
		'lsel',
		'iscl',
		'rref',
	],
	...['av1C', 'hvcC', 'lhvC', 'avcC', 'vvcC', 'a1op', 'a1lx', 'oinf', 'tols'],
	...['mdcv', 'clli', 'cclv', 'amve', 'ndwt', 'reve'],
]);
const MAX_INDEX = 16 * 2 ** 20;
/** A list of brands that is longer says something else. */
const MAX_BRANDS = 4096;

/**
 * A HEIC or AVIF without EXIF, XMP and all else that is no picture, in its index and in its data, of which only what pictures
 * use is left; how it is turned stays, since a property says that. Pixels are not touched and nothing moves. undefined for what
 * moves, is not well-formed, or needs what is not known here.
 */
export function stripHeif(bytes: Uint8Array): Bytes | undefined {
	try {
		return strip(bytes);
	} catch (thrown) {
		if (thrown instanceof FileRefused) return undefined;
		throw thrown;
	}
}

function strip(bytes: Uint8Array): Bytes {
	const boxes = [...boxesOfFile(bytes)];
	const [meta = refuse(), second] = boxes.filter(({ type }) => type === 'meta');
	if (second !== undefined || boxes.some(({ type }) => type === 'moov')) refuse();
	if (meta.end - meta.start > MAX_INDEX) refuse();
	const kept = new Uint8Array(bytes.length);
	const items = readHeifItems(bytes, meta);
	for (const { type, start, body, end } of boxes) {
		const isBrands = type === 'ftyp' && end - start <= MAX_BRANDS;
		if (isBrands) kept.set(bytes.subarray(start, end), start);
		else if (type === 'meta') kept.set(stripIndex(bytes.slice(start, end), start, items), start);
		else kept.set(headOf(bytes, type === 'mdat' ? type : 'free', start, body), start);
	}
	for (const [start, end] of extentsIn(bytes, items.filter(isPicture)))
		if (boxes.some((box) => box.type === 'mdat' && box.body <= start && end <= box.end))
			kept.set(bytes.subarray(start, end), start);
		else refuse();
	// What is said of pictures may lie among what they use.
	const others = items.filter((item) => !isPicture(item) && item.method === 0);
	for (const [start, end] of extentsIn(bytes, others))
		if (kept.subarray(start, end).some((byte) => byte !== 0)) refuse();
	return kept;
}

function* boxesOfFile(bytes: Uint8Array): Generator<Box> {
	for (let at = 0; at + 8 <= bytes.length; ) {
		const { type, head, size } = readHeader(bytes, at);
		const end = size === 0 ? bytes.length : at + size;
		if (end < at + head || end > bytes.length) refuse();
		yield { type, start: at, body: at + head, end };
		at = end;
	}
}

/** The head of a box, as long as it was, under another name. */
function headOf(bytes: Uint8Array, type: string, start: number, body: number): Bytes {
	const head = Uint8Array.from(bytes.subarray(start, body));
	head.set(new TextEncoder().encode(type), 4);
	return head;
}

function isPicture({ type }: HeifItem): boolean {
	return PICTURES.has(type);
}

/** Where pictures lie in the file. */
function* extentsIn(bytes: Uint8Array, items: readonly HeifItem[]) {
	for (const { method, isElsewhere, extents } of items) {
		if (isElsewhere || method > 1) refuse();
		for (const { start, length } of method === 0 ? extents : [])
			yield [start, length === 0 ? bytes.length : start + length] as const;
	}
}

/** An index of pictures alone, as long as it was: what goes leaves a `free` box. `start` is where it began. */
function stripIndex(bytes: Bytes, start: number, items: readonly HeifItem[]): Bytes {
	const [meta = refuse()] = boxesIn(bytes, 0, bytes.length);
	const inner = contentOf(meta);
	const gone = new Set(items.filter((item) => !isPicture(item)).map(({ id }) => id));
	const parts: Uint8Array[] = [];
	// `dinf` goes, too: it names other files, and no picture that stays lies in one.
	for (const box of boxesIn(bytes, inner.body, inner.end))
		switch (box.type) {
			case 'iinf':
				parts.push(stripInfos(bytes, box, gone));
				break;
			case 'iloc': {
				const kept = items.filter(({ id }) => !gone.has(id));
				const places = kept.flatMap(({ location }) => (location === undefined ? [] : [location]));
				parts.push(stripPlaces(bytes, box, start, places));
				break;
			}
			case 'iref':
				parts.push(stripReferences(bytes, box, gone));
				break;
			case 'iprp':
				parts.push(stripProperties(bytes, box, gone));
				break;
			case 'idat':
				parts.push(stripInner(bytes, box, items));
				break;
			case 'hdlr':
				parts.push(stripHandler(bytes, box));
				break;
			case 'pitm':
				if (gone.has(uint(bytes, box.body + 4, uint(bytes, box.body, 1) === 0 ? 2 : 4))) refuse();
				parts.push(bytes.subarray(box.start, box.end));
				break;
			case 'grpl':
				parts.push(bytes.subarray(box.start, box.end));
				break;
		}
	const content = concatBytes(bytes.subarray(0, inner.body), ...parts);
	const room = bytes.length - content.length;
	if (room === 0) return content;
	if (room < 8) refuse();
	return concatBytes(content, makeHeader('free', room - 8), new Uint8Array(room - 8));
}

/** Names of items are for people; zeros in their place are an empty one. */
function stripInfos(bytes: Bytes, iinf: Box, gone: ReadonlySet<number>): Bytes {
	const first = firstInfo(bytes, iinf);
	const entries: Uint8Array[] = [];
	for (const info of boxesIn(bytes, first, iinf.end)) {
		const idLength = uint(bytes, info.body, 1) === 3 ? 4 : 2;
		if (gone.has(uint(bytes, info.body + 4, idLength))) continue;
		bytes.fill(0, info.body + 4 + idLength + 2 + 4, info.end);
		entries.push(bytes.subarray(info.start, info.end));
	}
	const head = bytes.slice(iinf.body, first);
	putUint(head, 4, head.length - 4, entries.length);
	return makeBox('iinf', concatBytes(head, ...entries));
}

/** `places` as they were in the file, in which this index began at `start`. */
function stripPlaces(bytes: Bytes, iloc: Box, start: number, places: readonly Range[]): Bytes {
	const { count, idLength, first } = readPlaceSizes(bytes, iloc);
	const head = bytes.slice(iloc.body, first);
	putUint(head, count - iloc.body, idLength, places.length);
	const kept = places.map((place) => bytes.subarray(place.start - start, place.end - start));
	return makeBox('iloc', concatBytes(head, ...kept));
}

/** What goes says something of others, or they of it; a picture that is made of it would be one no more. */
function stripReferences(bytes: Bytes, iref: Box, gone: ReadonlySet<number>): Bytes {
	const idLength = uint(bytes, iref.body, 1) === 0 ? 2 : 4;
	const kept: Uint8Array[] = [];
	for (const { type, start, body, end } of boxesIn(bytes, iref.body + 4, iref.end)) {
		const from = uint(bytes, body, idLength);
		const to: number[] = [];
		for (let at = body + idLength + 2; at < end; at += idLength) to.push(uint(bytes, at, idLength));
		const isKept = !gone.has(from) && !to.some((id) => gone.has(id));
		if (isKept) kept.push(bytes.subarray(start, end));
		else if (type === 'dimg' && !gone.has(from)) refuse();
	}
	return makeBox('iref', concatBytes(bytes.subarray(iref.body, iref.body + 4), ...kept));
}

/** Properties are known by their number: one that goes leaves a `free` box in its place. */
function stripProperties(bytes: Bytes, iprp: Box, gone: ReadonlySet<number>): Bytes {
	const ipco = boxIn(bytes, iprp, 'ipco') ?? refuse();
	const blank = new Set<number>();
	let number = 0;
	for (const property of boxesIn(bytes, ipco.body, ipco.end)) {
		number += 1;
		if (KEPT_PROPERTIES.has(property.type)) continue;
		blank.add(number);
		blankBox(bytes, property);
	}
	const kept: Uint8Array[] = [bytes.subarray(ipco.start, ipco.end)];
	for (const box of boxesIn(bytes, iprp.body, iprp.end))
		if (box.type === 'ipma') kept.push(stripAssociations(bytes, box, gone, blank));
		else if (box.type === 'ipco' && box.start !== ipco.start) refuse();
	return makeBox('iprp', concatBytes(...kept));
}

/** Which item has which properties. Throws `FileRefused` where one that goes must be understood. */
function stripAssociations(
	bytes: Bytes,
	ipma: Box,
	gone: ReadonlySet<number>,
	blank: ReadonlySet<number>,
): Bytes {
	const idLength = uint(bytes, ipma.body, 1) === 0 ? 2 : 4;
	const length = uint(bytes, ipma.body + 3, 1) & 1 ? 2 : 1;
	const essential = length === 2 ? 0x8000 : 0x80;
	const entries: Uint8Array[] = [];
	let at = ipma.body + 8;
	for (let left = uint(bytes, ipma.body + 4, 4); left > 0; left--) {
		const isGone = gone.has(uint(bytes, at, idLength));
		const first = at + idLength + 1;
		const end = first + uint(bytes, first - 1, 1) * length;
		if (end > ipma.end) refuse();
		for (let property = first; property < end; property += length) {
			const value = uint(bytes, property, length);
			if (!isGone && value & essential && blank.has(value & (essential - 1))) refuse();
		}
		if (!isGone) entries.push(bytes.subarray(at, end));
		at = end;
	}
	const head = bytes.slice(ipma.body, ipma.body + 8);
	putUint(head, 4, 4, entries.length);
	return makeBox('ipma', concatBytes(head, ...entries));
}

/** Data in the index: what no picture uses is zeros. */
function stripInner(bytes: Bytes, idat: Box, items: readonly HeifItem[]): Bytes {
	const kept = new Uint8Array(idat.end - idat.body);
	for (const { method, extents } of items.filter(isPicture))
		for (const { start, length } of method === 1 ? extents : []) {
			const end = length === 0 ? kept.length : start + length;
			if (end > kept.length) refuse();
			kept.set(bytes.subarray(idat.body + start, idat.body + end), start);
		}
	return makeBox('idat', kept);
}

/** It is named, for people. */
function stripHandler(bytes: Bytes, hdlr: Box): Bytes {
	const name = hdlr.body + 24;
	if (name > hdlr.end) refuse();
	bytes.fill(0, name, hdlr.end);
	return bytes.slice(hdlr.start, hdlr.end);
}

function makeBox(type: string, content: Uint8Array): Bytes {
	return concatBytes(makeHeader(type, content.length), content);
}
