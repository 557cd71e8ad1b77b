import { SNIFF_LENGTH, sniffMediaType } from '../../core/formats/media-type.ts';
import { findImageSize, MAX_PIXELS } from '../../core/formats/pictures/image-size.ts';
import { canRedraw } from '../people/canvas-trust.ts';

/** Bytes of a file that are read at once to find its size. */
const PIECE = 64 * 1024;

/**
 * A picture as it can be drawn on a canvas; whoever gets it closes it. Throws TypeError for what this browser cannot show, for
 * what takes too much memory, and where canvases do not give back what is drawn on them.
 */
export async function openPicture(file: Blob): Promise<ImageBitmap> {
	if (!(await canRedraw())) throw new TypeError('no true canvas');
	const { kind, size } = await sizeOf(file);
	if (kind === 'image') refuseTooLarge(size);
	const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
		throw new TypeError('no picture', { cause });
	});
	try {
		refuseTooLarge(bitmap);
	} catch (thrown) {
		bitmap.close();
		throw thrown;
	}
	return bitmap;
}

/** Whether a picture says that it is larger than what is decoded here. */
export async function isTooLarge(file: Blob): Promise<boolean> {
	const { width = 0, height = 0 } = (await sizeOf(file)).size ?? {};
	return width * height > MAX_PIXELS;
}

async function sizeOf(file: Blob) {
	const read = async (start: number, end = start + PIECE) =>
		new Uint8Array(await file.slice(start, end).arrayBuffer());
	const { type, kind } = sniffMediaType(await read(0, SNIFF_LENGTH));
	return { kind, size: kind === 'image' ? await findImageSize(type, file.size, read) : undefined };
}

function refuseTooLarge(size: { width: number; height: number } | undefined): void {
	if (size === undefined || size.width * size.height > MAX_PIXELS)
		throw new TypeError('too large a picture');
}
