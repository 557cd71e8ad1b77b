import type { ImageSize, SizeScan } from './image-size.ts';

/** The size of a picture that is here, where it is known what to look for; undefined where it does not say one. */
export function sizeIn(bytes: Uint8Array, scan: SizeScan): ImageSize | undefined {
	let step = scan.next();
	while (step.done !== true) {
		const [offset, length] = step.value;
		step = scan.next(bytes.subarray(offset, offset + length));
	}
	return drawable(step.value);
}

/** A size that is one: nothing can be drawn of what has none. */
export function drawable(size: ImageSize | undefined): ImageSize | undefined {
	return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
}
