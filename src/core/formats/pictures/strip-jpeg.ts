// JPEG, ITU T.81 annex B

import { type Bytes, concatBytes } from '../../bytes.ts';
import { isTiff, orientationTiff, readOrientation } from './exif-orientation.ts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP1 = 0xe1;
const EXIF = 'Exif\0\0';
/** Application segments that say how colours are meant, by how they begin. */
const COLOUR: Record<number, string> = { 226: 'ICC_PROFILE\0', 238: 'Adobe' };
/** What a decoder reads of the second. */
const ADOBE_LENGTH = 12;

/**
 * A JPEG without EXIF, XMP, comments, thumbnails, makers' notes and whatever hangs behind its end; what it looks like stays,
 * the orientation too. Pixels are not touched. One that is cut off behind the beginning of its pixels is ended there, which
 * is how browsers show it; undefined for what is none.
 */
export function stripJpeg(bytes: Uint8Array): Bytes | undefined {
	if (bytes[0] !== 0xff || bytes[1] !== SOI) return undefined;
	const kept: Uint8Array[] = [];
	/** the first one counts: photo managers write a second */
	let exif: Uint8Array | undefined;
	let hasPixels = false;
	let at = 2;
	for (;;) {
		// Bytes before a marker are skipped, as decoders do; a marker may be filled up with FF.
		while (at < bytes.length && (bytes[at] !== 0xff || isFill(bytes[at + 1]))) at += 1;
		const marker = bytes[at + 1];
		if (marker === undefined || marker === EOI) break;
		if (isAlone(marker)) {
			at += 2;
			continue;
		}
		const length = (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
		let end = at + 2 + length;
		if (length < 2 || end > bytes.length) break;
		const content = bytes.subarray(at + 4, end);
		if (marker === APP1 && exif === undefined && begins(content, EXIF))
			exif = tiffIn(content.subarray(EXIF.length));
		if (marker === SOS) {
			end = endOfScan(bytes, end);
			hasPixels = true;
		}
		if (isKept(marker, content)) kept.push(...keptOf(marker, bytes.subarray(at, end)));
		at = end;
	}
	if (!hasPixels) return undefined;
	const orientation = exif === undefined ? 1 : readOrientation(exif);
	const start = Uint8Array.of(0xff, SOI);
	const turned = orientation === 1 ? [] : [exifSegment(orientation)];
	return concatBytes(start, ...turned, ...kept, Uint8Array.of(0xff, EOI));
}

function tiffIn(content: Uint8Array): Uint8Array | undefined {
	return isTiff(content) ? content : undefined;
}

function isFill(byte: number | undefined): boolean {
	return byte === 0xff || byte === 0x00;
}

/** TEM and RST0 to RST7, and a second SOI, have no length. */
function isAlone(marker: number): boolean {
	return marker === 0x01 || (marker >= 0xd0 && marker <= SOI);
}

/** Tables, frames and scans, and how colours are meant; a decoder refuses or passes over all else. */
function isKept(marker: number, content: Uint8Array): boolean {
	if (marker >= 0xc0 && marker <= 0xdf) return true;
	const name = COLOUR[marker];
	return name !== undefined && begins(content, name);
}

/** A segment as it is kept: of Adobe's only what is known. */
function keptOf(marker: number, segment: Uint8Array): readonly Uint8Array[] {
	if (marker !== 0xee || segment.length <= 4 + ADOBE_LENGTH) return [segment];
	return [Uint8Array.of(0xff, marker, 0, ADOBE_LENGTH + 2), segment.subarray(4, 4 + ADOBE_LENGTH)];
}

/** Where the coded data of a scan ends: at the first marker that is none of its own. */
function endOfScan(bytes: Uint8Array, from: number): number {
	for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
		const next = bytes[at + 1] ?? 0;
		const isOwn = isFill(next) || (next >= 0xd0 && next <= 0xd7);
		if (!isOwn) return at;
	}
	return bytes.length;
}

function exifSegment(orientation: Parameters<typeof orientationTiff>[0]): Bytes {
	const tiff = orientationTiff(orientation);
	const length = 2 + EXIF.length + tiff.length;
	const head = Uint8Array.of(0xff, APP1, length >> 8, length & 0xff);
	return concatBytes(head, new TextEncoder().encode(EXIF), tiff);
}

function begins(content: Uint8Array, text: string): boolean {
	return [...text].every((character, index) => content[index] === character.charCodeAt(0));
}
