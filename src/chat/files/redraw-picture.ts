import { openPicture } from './open-picture.ts';

/** Rows that are read at once: all of them would be as much memory again. */
const STRIP = 256;

/**
 * A picture whose longer side is at most `side` pixels, the right way up, with nothing else of its file in it: a JPEG. With
 * `keepsAlpha` one that lets something through is a WebP, or a PNG where the browser writes none; without, that is white.
 * Throws TypeError for what cannot be drawn here.
 */
export async function redrawPicture(
	file: Blob,
	side: number,
	quality: number,
	{ keepsAlpha = false } = {},
): Promise<Blob> {
	const bitmap = await openPicture(file);
	try {
		const { width, height } = bitmap;
		const scale = Math.min(1, side / Math.max(width, height));
		const canvas = document.createElement('canvas');
		canvas.width = Math.max(1, Math.round(width * scale));
		canvas.height = Math.max(1, Math.round(height * scale));
		const context = canvas.getContext('2d');
		if (context === null) throw new TypeError('no canvas');
		context.imageSmoothingQuality = 'high';
		context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
		if (keepsAlpha && !isOpaque(context, canvas))
			return await blobOf(canvas, 'image/webp', quality);
		// A JPEG knows no transparency: what is behind would be black.
		context.globalCompositeOperation = 'destination-over';
		context.fillStyle = '#fff';
		context.fillRect(0, 0, canvas.width, canvas.height);
		return await blobOf(canvas, 'image/jpeg', quality);
	} finally {
		bitmap.close();
	}
}

function isOpaque(
	context: CanvasRenderingContext2D,
	{ width, height }: { width: number; height: number },
): boolean {
	for (let top = 0; top < height; top += STRIP) {
		const { data } = context.getImageData(0, top, width, Math.min(STRIP, height - top));
		for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 0) < 255) return false;
	}
	return true;
}

async function blobOf(canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob> {
	const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
	if (blob === null) throw new TypeError('no picture');
	return blob;
}
