import type { Bytes } from '../../core/bytes.ts';
import { MAX_PIXELS } from '../../core/image-size.ts';

/** Pixels of a side: what other clients show, too. */
const SIDE = 256;
const QUALITY = 0.85;

/**
 * The middle of a picture as a small square: nothing of what was in the file besides, such as where it was taken, is left.
 * Throws TypeError for what this browser cannot show.
 */
export async function scaleAvatar(file: Blob): Promise<Bytes> {
	const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
		throw new TypeError('no picture', { cause });
	});
	try {
		const { width, height } = bitmap;
		if (width * height > MAX_PIXELS) throw new TypeError('too large a picture');
		const side = Math.min(width, height);
		const canvas = document.createElement('canvas');
		canvas.width = Math.min(side, SIDE);
		canvas.height = canvas.width;
		const context = canvas.getContext('2d');
		if (context === null) throw new TypeError('no canvas');
		// What was transparent is white: a JPEG knows no transparency.
		context.fillStyle = '#fff';
		context.fillRect(0, 0, canvas.width, canvas.height);
		const [left, top] = [(width - side) / 2, (height - side) / 2];
		context.drawImage(bitmap, left, top, side, side, 0, 0, canvas.width, canvas.height);
		const blob = await new Promise<Blob | null>((resolve) =>
			canvas.toBlob(resolve, 'image/jpeg', QUALITY),
		);
		if (blob === null) throw new TypeError('no picture');
		return new Uint8Array(await blob.arrayBuffer());
	} finally {
		bitmap.close();
	}
}
