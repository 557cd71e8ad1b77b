import { type Bytes, concatBytes } from '../../bytes.ts';
import { scanAvif } from './heif-size.ts';
import { scanRaster } from './raster-size.ts';
import { drawable, MAX_STEPS, sizeIn } from './size-in.ts';

/** Width and height in pixels, before any EXIF rotation. */
export interface ImageSize {
	readonly width: number;
	readonly height: number;
}

/**
 * Looks for the size of a picture: asks for bytes by offset and length, and is given them, or those that are there. Its end
 * is the size that a decoder needs room for, which is not always the one that the first bytes announce.
 */
export type SizeScan = Generator<
	readonly [offset: number, length: number],
	ImageSize | undefined,
	Uint8Array
>;

/** Above this a picture is not decoded here: it takes four bytes a pixel. Phones of "50 megapixels" have up to 50.33. */
export const MAX_PIXELS = 52_000_000;

/**
 * The size of a picture, of which all bytes are here, or the first of them: the largest of all that is drawn of it (screen
 * and frames, canvas and frames, tiles and their grid). undefined where it does not say one. `type` is as sniffed.
 */
export function imageSize(bytes: Uint8Array, type: string): ImageSize | undefined {
	const scan = scanOf(type, bytes.length);
	return scan && sizeIn(bytes, scan);
}

/**
 * The same of a picture that lies elsewhere, of which only what is needed is read. `size` in bytes; `read` resolves to at
 * least one byte from an offset on.
 */
export async function findImageSize(
	type: string,
	size: number,
	read: (offset: number) => Promise<Bytes>,
): Promise<ImageSize | undefined> {
	const scan = scanOf(type, size);
	if (scan === undefined) return undefined;
	let here: { start: number; bytes: Uint8Array } = { start: 0, bytes: new Uint8Array(0) };
	let step = scan.next();
	for (let left = MAX_STEPS; step.done !== true; left--) {
		if (left === 0) return undefined;
		const [offset, length] = step.value;
		const end = Math.min(offset + length, size);
		if (offset < here.start || end > here.start + here.bytes.length)
			here = { start: offset, bytes: await readUntil(offset, end, read) };
		step = scan.next(here.bytes.subarray(offset - here.start, Math.max(0, end - here.start)));
	}
	return drawable(step.value);
}

async function readUntil(
	start: number,
	end: number,
	read: (offset: number) => Promise<Bytes>,
): Promise<Uint8Array> {
	const parts: Bytes[] = [];
	let at = start;
	while (at < end) {
		const part = await read(at);
		parts.push(part);
		at += part.length;
	}
	return parts.length === 1 && parts[0] ? parts[0] : concatBytes(...parts);
}

function scanOf(type: string, size: number): SizeScan | undefined {
	return type === 'image/avif' ? scanAvif(size) : scanRaster(type);
}
