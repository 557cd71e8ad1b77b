/**
 * A worker of the page that makes a picture smaller, so that neither decoding nor encoding holds up a frame. Told a picture
 * and the size to make of it, it answers with a Blob; with undefined if the picture moves, or cannot be made smaller.
 */
import { ANIMATION_HEAD, isAnimated } from '../core/is-animated.ts';

const QUALITY = 0.82;

addEventListener(
	'message',
	async ({ data }: MessageEvent<{ picture: Blob; width: number; height: number }>) => {
		postMessage(await scaled(data.picture, data.width, data.height).catch(() => undefined));
	},
);

async function scaled(picture: Blob, width: number, height: number): Promise<Blob | undefined> {
	const head = new Uint8Array(await picture.slice(0, ANIMATION_HEAD).arrayBuffer());
	if (isAnimated(head, picture.type)) return undefined;
	// Both engines turn it as its EXIF says before they scale it.
	const bitmap = await createImageBitmap(picture, {
		resizeWidth: width,
		resizeHeight: height,
		resizeQuality: 'high',
	});
	const canvas = new OffscreenCanvas(width, height);
	const context = canvas.getContext('2d');
	context?.drawImage(bitmap, 0, 0);
	bitmap.close();
	const pixels = context?.getImageData(0, 0, width, height).data;
	const isOpaque = picture.type === 'image/jpeg' || pixels?.every((n, at) => at % 4 < 3 || n > 254);
	// Where WebP cannot be written this is PNG.
	const type = isOpaque ? 'image/jpeg' : 'image/webp';
	return canvas.convertToBlob({ type, quality: QUALITY });
}
