import type { Bytes } from '../core/bytes.ts';
import { findImageSize, MAX_PIXELS } from '../core/formats/pictures/image-size.ts';

/**
 * The reason, in words, why a picture must not be decoded: it is too large or hides its size. undefined if it may be.
 * `size` in bytes; `read` resolves to at least one byte from an offset on.
 */
export async function pictureObjection(
	type: string,
	size: number,
	read: (offset: number) => Promise<Bytes>,
): Promise<string | undefined> {
	const found = await findImageSize(type, size, read);
	if (found === undefined) return 'Damaged image';
	const pixels = found.width * found.height;
	return pixels > MAX_PIXELS ? `Image of ${Math.round(pixels / 1e6)} megapixels` : undefined;
}
