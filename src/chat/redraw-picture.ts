import { MAX_PIXELS } from '../core/image-size.ts';

/**
 * A picture as a JPEG whose longer side is at most `side` pixels, the right way up, with nothing else of its file in it.
 * Throws TypeError for what this browser cannot show.
 */
export async function redrawPicture(file: Blob, side: number, quality: number): Promise<Blob> {
	const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
		throw new TypeError('no picture', { cause });
	});
	try {
		const { width, height } = bitmap;
		if (width * height > MAX_PIXELS) throw new TypeError('too large a picture');
		const scale = Math.min(1, side / Math.max(width, height));
		const canvas = document.createElement('canvas');
		canvas.width = Math.max(1, Math.round(width * scale));
		canvas.height = Math.max(1, Math.round(height * scale));
		const context = canvas.getContext('2d');
		if (context === null) throw new TypeError('no canvas');
		// What was transparent is white: a JPEG knows no transparency.
		context.fillStyle = '#fff';
		context.fillRect(0, 0, canvas.width, canvas.height);
		context.imageSmoothingQuality = 'high';
		context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
		const blob = await new Promise<Blob | null>((resolve) =>
			canvas.toBlob(resolve, 'image/jpeg', quality),
		);
		if (blob === null) throw new TypeError('no picture');
		return blob;
	} finally {
		bitmap.close();
	}
}
