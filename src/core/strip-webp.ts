// WebP, RFC 9649 section 2

import { type Bytes, concatBytes } from './bytes.ts';
import { orientationTiff, readOrientation } from './exif-orientation.ts';

const HEAD = 12;
const KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ICCP', 'ANIM', 'ANMF', 'ALPH']);
/** Flags of the VP8X chunk. */
const EXIF_FLAG = 0x08;
const XMP_FLAG = 0x04;

/**
 * A WebP without EXIF, XMP and unknown chunks; the orientation stays, pixels are not touched. undefined for what is no
 * whole WebP.
 */
export function stripWebp(bytes: Uint8Array): Bytes | undefined {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	if (bytes.length < HEAD || nameAt(bytes, 0) !== 'RIFF' || nameAt(bytes, 8) !== 'WEBP')
		return undefined;
	const riffEnd = 8 + view.getUint32(4, true);
	if (riffEnd > bytes.length) return undefined;
	const kept: Uint8Array[] = [];
	let exif: Uint8Array | undefined;
	let extended: Bytes | undefined;
	for (let at = HEAD; at + 8 <= riffEnd; ) {
		const size = view.getUint32(at + 4, true);
		const end = at + 8 + size;
		if (end > riffEnd) return undefined;
		const name = nameAt(bytes, at);
		// Chunks are padded to an even length; some writers forget it at the end.
		const padded = Math.min(end + (size % 2), riffEnd);
		if (name === 'EXIF') exif = bytes.subarray(at + 8, end);
		else if (name === 'VP8X' && extended === undefined) {
			extended = Uint8Array.from(bytes.subarray(at, padded));
			kept.push(extended);
		} else if (KEPT.has(name)) kept.push(bytes.subarray(at, padded));
		at = padded;
	}
	const orientation = exif === undefined ? 1 : readOrientation(withoutName(exif));
	if (extended !== undefined) {
		const flags = (extended[8] ?? 0) & ~(EXIF_FLAG | XMP_FLAG);
		extended[8] = orientation === 1 ? flags : flags | EXIF_FLAG;
		if (orientation !== 1) kept.push(chunk('EXIF', orientationTiff(orientation)));
	}
	const body = concatBytes(new TextEncoder().encode('WEBP'), ...kept);
	return chunk('RIFF', body);
}

/** Some writers begin as JPEG does. */
function withoutName(exif: Uint8Array): Uint8Array {
	return nameAt(exif, 0) === 'Exif' ? exif.subarray(6) : exif;
}

function chunk(name: string, content: Uint8Array): Bytes {
	const head = new Uint8Array(8);
	head.set(new TextEncoder().encode(name));
	new DataView(head.buffer).setUint32(4, content.length, true);
	return concatBytes(head, content);
}

function nameAt(bytes: Uint8Array, offset: number): string {
	return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}
