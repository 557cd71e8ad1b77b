// Portable Network Graphics, third edition (W3C), section 5

import { type Bytes, concatBytes } from './bytes.ts';

const SIGNATURE_LENGTH = 8;
/** What decides how the picture looks, moving ones included; texts, times, EXIF and private chunks are not among it. */
const KEPT = new Set([
	...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'cHRM', 'gAMA', 'iCCP', 'sBIT', 'sRGB', 'cICP'],
	...['mDCV', 'cLLI', 'bKGD', 'pHYs', 'acTL', 'fcTL', 'fdAT'],
]);

/**
 * A PNG without texts, times, EXIF and whatever hangs behind its end; pixels are not touched. undefined for what is no
 * whole PNG.
 */
export function stripPng(bytes: Uint8Array): Bytes | undefined {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	if (bytes.length < SIGNATURE_LENGTH || view.getUint32(0) !== 0x89504e47) return undefined;
	const kept: Uint8Array[] = [bytes.subarray(0, SIGNATURE_LENGTH)];
	let at = SIGNATURE_LENGTH;
	while (at + 12 <= bytes.length) {
		const end = at + 12 + view.getUint32(at);
		if (end > bytes.length) return undefined;
		const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
		if (KEPT.has(name)) kept.push(bytes.subarray(at, end));
		if (name === 'IEND') return concatBytes(...kept);
		at = end;
	}
	return undefined;
}
