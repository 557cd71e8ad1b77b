import type { ImageSize, SizeScan } from './image-size.ts';

/** Parts that are looked at: each costs time, and its sender a byte. A GIF of 256 MiB has as many blocks. */
export const MAX_STEPS = 2 ** 20;

/** The size of a picture that is here, where it is known what to look for; undefined where it does not say one. */
export function sizeIn(bytes: Uint8Array, scan: SizeScan): ImageSize | undefined {
	let step = scan.next();
	for (let left = MAX_STEPS; step.done !== true; left--) {
		if (left === 0) return undefined;
		const [offset, length] = step.value;
		step = scan.next(bytes.subarray(offset, offset + length));
	}
	return drawable(step.value);
}

/** A size that is one: nothing can be drawn of what has none. */
export function drawable(size: ImageSize | undefined): ImageSize | undefined {
	return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
}
