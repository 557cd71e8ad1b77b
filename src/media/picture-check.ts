import { type Bytes, concatBytes } from '../core/bytes.ts';
import { type ImageSize, imageSize, MAX_PIXELS } from '../core/image-size.ts';

/** How far into a picture its size is looked for, in bytes: profiles and comments may come first. */
const MAX_HEAD = 2 ** 20;

/**
 * What to call a picture that must not be decoded, because it is too large or hides its size; undefined if it may be.
 * `size` in bytes; `read` resolves to at least one byte from an offset on.
 */
export async function pictureObjection(
	type: string,
	size: number,
	read: (offset: number) => Promise<Bytes>,
): Promise<string | undefined> {
	let head: Bytes = new Uint8Array(0);
	let found: ImageSize | undefined;
	while (found === undefined && head.length < Math.min(size, MAX_HEAD)) {
		head = concatBytes(head, await read(head.length));
		found = imageSize(head, type);
	}
	if (found === undefined) return 'Damaged picture';
	const pixels = found.width * found.height;
	return pixels > MAX_PIXELS ? `Picture of ${Math.round(pixels / 1e6)} megapixels` : undefined;
}
