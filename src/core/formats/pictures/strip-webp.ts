// WebP, RFC 9649 section 2

import { type Bytes, concatBytes } from '../../bytes.ts';
import { isTiff, orientationTiff, readOrientation } from './exif-orientation.ts';

const HEAD = 12;
const KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ICCP', 'ANIM', 'ANMF', 'ALPH']);
const PIXELS = new Set(['VP8 ', 'VP8L']);
/** Place, size and time of a frame, before its chunks. */
const FRAME_HEAD = 16;
/** Flags of the VP8X chunk. */
const EXIF_FLAG = 0x08;
const XMP_FLAG = 0x04;

/** A chunk without its head and padding. */
interface Chunk {
	readonly name: string;
	readonly content: Uint8Array;
	/** the file ends before it does */
	readonly isCut: boolean;
}

/**
 * A WebP without EXIF, XMP and unknown chunks, also in its frames; the orientation stays, pixels are not touched. What a
 * wrong size or a cut leaves of it is made whole, which is how browsers show it; undefined for what has no picture.
 */
export function stripWebp(bytes: Uint8Array): Bytes | undefined {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	if (bytes.length < HEAD || nameAt(bytes, 0) !== 'RIFF' || nameAt(bytes, 8) !== 'WEBP')
		return undefined;
	const kept: Bytes[] = [];
	/** the first that can be read counts */
	let exif: Uint8Array | undefined;
	let extended: Bytes | undefined;
	let hasPixels = false;
	for (const { name, content, isCut } of chunksIn(bytes, HEAD, 8 + view.getUint32(4, true))) {
		if (name === 'EXIF') exif ??= tiffIn(content);
		else if (name === 'VP8X') {
			if (extended !== undefined || isCut) continue;
			extended = chunk(name, content);
			kept.push(extended);
		} else if (name === 'ANMF') {
			const frame = stripFrame(content, hasPixels && isCut);
			if (frame !== undefined) kept.push(frame);
			hasPixels ||= frame !== undefined;
		} else if (KEPT.has(name) && (!isCut || PIXELS.has(name))) {
			kept.push(chunk(name, content));
			hasPixels ||= PIXELS.has(name);
		}
	}
	if (!hasPixels) return undefined;
	const orientation = exif === undefined ? 1 : readOrientation(exif);
	if (extended !== undefined) {
		const flags = (extended[8] ?? 0) & ~(EXIF_FLAG | XMP_FLAG);
		extended[8] = orientation === 1 ? flags : flags | EXIF_FLAG;
		if (orientation !== 1) kept.push(chunk('EXIF', orientationTiff(orientation)));
	}
	return chunk('RIFF', concatBytes(new TextEncoder().encode('WEBP'), ...kept));
}

/** A frame of a moving picture; undefined if it has no pixels, or not all of them where that is needed. */
function stripFrame(frame: Uint8Array, isWholeNeeded: boolean): Bytes | undefined {
	const inner = [...chunksIn(frame, FRAME_HEAD, frame.length)].filter(
		({ name, isCut }) => PIXELS.has(name) || (name === 'ALPH' && !isCut),
	);
	const pixels = inner.find(({ name }) => PIXELS.has(name));
	if (pixels === undefined || (isWholeNeeded && pixels.isCut)) return undefined;
	const chunks = inner.map(({ name, content }) => chunk(name, content));
	return chunk('ANMF', concatBytes(frame.subarray(0, FRAME_HEAD), ...chunks));
}

/** The chunks that begin before `end`; the last may be longer, or padded by a byte that is not there. */
function* chunksIn(bytes: Uint8Array, start: number, end: number): Generator<Chunk> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	for (let at = start; at + 8 <= Math.min(end, bytes.length); ) {
		const size = view.getUint32(at + 4, true);
		const content = bytes.subarray(at + 8, at + 8 + size);
		yield { name: nameAt(bytes, at), content, isCut: content.length < size };
		at += 8 + size + (size % 2);
	}
}

/** Some writers begin as JPEG does. */
function tiffIn(exif: Uint8Array): Uint8Array | undefined {
	const tiff = nameAt(exif, 0) === 'Exif' ? exif.subarray(6) : exif;
	return isTiff(tiff) ? tiff : undefined;
}

/** With the padding that makes its length even. */
function chunk(name: string, content: Uint8Array): Bytes {
	const bytes = new Uint8Array(8 + content.length + (content.length % 2));
	bytes.set(new TextEncoder().encode(name));
	new DataView(bytes.buffer).setUint32(4, content.length, true);
	bytes.set(content, 8);
	return bytes;
}

function nameAt(bytes: Uint8Array, offset: number): string {
	return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}
