import { scanGif, scanJpeg, scanPng, scanWebp } from './image-scans.ts';
import type { ImageSize, SizeScan } from './image-size.ts';
import { sizeIn } from './size-in.ts';

/** Looks for the size of a PNG, GIF, JPEG or WebP; undefined for other types. `type` is as sniffed. */
export function scanRaster(type: string): SizeScan | undefined {
	switch (type) {
		case 'image/png':
			return scanPng();
		case 'image/gif':
			return scanGif();
		case 'image/jpeg':
			return scanJpeg();
		case 'image/webp':
			return scanWebp();
		default:
			return undefined;
	}
}

/** The size of a picture of these kinds, of which all bytes are here, or the first of them: see `imageSize`. */
export function rasterSize(bytes: Uint8Array, type: string): ImageSize | undefined {
	const scan = scanRaster(type);
	return scan && sizeIn(bytes, scan);
}
