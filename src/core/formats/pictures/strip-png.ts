// Portable Network Graphics, third edition (W3C), section 5

import { type Bytes, concatBytes } from '../../bytes.ts';
import { crc32 } from './crc32.ts';
import { isTiff, orientationTiff, readOrientation } from './exif-orientation.ts';

const SIGNATURE_LENGTH = 8;
/** Length, name and checksum. */
const AROUND = 12;
/** Chunks that decide how the picture looks, animations included; texts, times, EXIF and private chunks are not among them. */
const KEPT = new Set([
	...['IHDR', 'PLTE', 'IDAT', 'tRNS', 'cHRM', 'gAMA', 'iCCP', 'sBIT', 'sRGB', 'cICP'],
	...['mDCV', 'cLLI', 'bKGD', 'pHYs', 'acTL', 'fcTL', 'fdAT'],
]);
/** What is worth something even if the rest of it is missing. */
const PIXELS = new Set(['IDAT', 'fdAT']);

/**
 * A PNG without texts, times, EXIF and whatever hangs behind its end; of its EXIF the orientation stays. Pixels are not
 * touched. One that is cut off among its pixels or behind them is shown as far as it goes; undefined for what is none.
 */
export function stripPng(bytes: Uint8Array): Bytes | undefined {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	if (bytes.length < SIGNATURE_LENGTH || view.getUint32(0) !== 0x89504e47) return undefined;
	const kept: Uint8Array[] = [bytes.subarray(0, SIGNATURE_LENGTH)];
	let hasPixels = false;
	let hasExif = false;
	for (let at = SIGNATURE_LENGTH; at + 8 < bytes.length; ) {
		const end = at + AROUND + view.getUint32(at);
		const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
		if (name === 'IEND') break;
		// With an end behind it, Chromium draws nothing of what is cut.
		if (end > bytes.length && PIXELS.has(name)) return concatBytes(...kept, bytes.subarray(at));
		if (end > bytes.length) break;
		if (name === 'eXIf' && !hasExif) {
			hasExif = true;
			kept.push(...orientationChunk(bytes.subarray(at + 8, end - 4)));
		}
		if (KEPT.has(name)) kept.push(bytes.subarray(at, end));
		hasPixels ||= name === 'IDAT';
		at = end;
	}
	return hasPixels ? concatBytes(...kept, chunk('IEND', new Uint8Array(0))) : undefined;
}

/** Where it stood: behind the pixels it says nothing to some. */
function orientationChunk(exif: Uint8Array): readonly Bytes[] {
	const orientation = isTiff(exif) ? readOrientation(exif) : 1;
	return orientation === 1 ? [] : [chunk('eXIf', orientationTiff(orientation))];
}

function chunk(name: string, content: Uint8Array): Bytes {
	const bytes = new Uint8Array(AROUND + content.length);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, content.length);
	bytes.set(new TextEncoder().encode(name), 4);
	bytes.set(content, 8);
	view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
	return bytes;
}
