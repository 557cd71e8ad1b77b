import { openPicture } from '../../chat/files/open-picture.ts';
import { canRedraw } from '../../chat/people/canvas-trust.ts';
import type { Bytes } from '../../core/bytes.ts';
import { MAX_AVATAR_PIXELS } from '../../core/formats/pictures/avatar.ts';
import { imageSize } from '../../core/formats/pictures/image-size.ts';
import { loadPrepareFile } from '../share/load-prepare-file.ts';

/** Pixels of a side: what other clients show, too. */
const SIDE = 256;
const QUALITY = 0.85;
/** Bytes of a picture that goes as it is: servers take stanzas of 256 KiB, and it is written in four thirds of its length. */
export const MAX_UNSCALED = 128 * 1024;

/**
 * The middle of a picture as a small square: nothing of what was in the file besides, such as where it was taken, is left.
 * Where canvases do not give back what is drawn on them, it is the picture itself, cleaned. Throws TypeError for what this
 * browser cannot show, and RangeError for what is too large to go as it is.
 */
export async function scaleAvatar(file: File): Promise<Bytes> {
	return (await canRedraw()) ? redrawn(file) : unscaled(file);
}

async function unscaled(file: File): Promise<Bytes> {
	const { prepareFile } = await loadPrepareFile();
	const clean = await prepareFile(file, { quality: 'original' }).catch((cause: unknown) => {
		throw new TypeError('no picture', { cause });
	});
	const bytes = new Uint8Array(await clean.blob.arrayBuffer());
	const size = imageSize(bytes, clean.blob.type);
	if (size === undefined) throw new TypeError('no picture');
	if (bytes.length > MAX_UNSCALED || size.width * size.height > MAX_AVATAR_PIXELS)
		throw new RangeError('too large a picture');
	return bytes;
}

async function redrawn(file: File): Promise<Bytes> {
	const bitmap = await openPicture(file);
	try {
		const { width, height } = bitmap;
		const side = Math.min(width, height);
		const canvas = document.createElement('canvas');
		canvas.width = Math.min(side, SIDE);
		canvas.height = canvas.width;
		const context = canvas.getContext('2d');
		if (context === null) throw new TypeError('no canvas');
		// Transparent parts become white: a JPEG knows no transparency.
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
