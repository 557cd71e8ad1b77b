// JPEG XL file format, ISO/IEC 18181-2

import { type Bytes, concatBytes } from '../../bytes.ts';
import { FileRefused, refuse } from '../file-refused.ts';
import { readHeader } from '../movies/movie-box.ts';

/** The signature, the brand, the level, the pixels, and where frames lie in them; how it is turned is among the pixels. */
const KEPT = new Set(['JXL ', 'ftyp', 'jxll', 'jxlc', 'jxlp', 'jxli']);
const PIXELS = new Set(['jxlc', 'jxlp']);

/**
 * A JPEG XL without EXIF, XMP, and what would make it the JPEG again that it was. One of pixels alone has nothing else.
 * undefined for what is none.
 */
export function stripJxl(bytes: Bytes): Bytes | undefined {
	if (bytes[0] === 0xff && bytes[1] === 0x0a) return bytes;
	try {
		const kept: Uint8Array[] = [];
		let hasPixels = false;
		for (let at = 0; at < bytes.length; ) {
			const { type, head, size } = readHeader(bytes, at);
			const end = size === 0 ? bytes.length : at + size;
			if (end < at + head || end > bytes.length) refuse();
			if (KEPT.has(type)) kept.push(bytes.subarray(at, end));
			hasPixels ||= PIXELS.has(type);
			at = end;
		}
		return hasPixels ? concatBytes(...kept) : undefined;
	} catch (thrown) {
		if (thrown instanceof FileRefused) return undefined;
		throw thrown;
	}
}
