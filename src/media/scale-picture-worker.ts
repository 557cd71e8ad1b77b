/**
 * A worker of the page that makes a picture smaller, so that neither decoding nor encoding holds up a frame. Told a picture
 * and the size to make of it, it answers with a Blob; with undefined if the picture moves, or cannot be made smaller. Told its
 * longest side, it makes a still picture of what moves, too.
 */
import { ANIMATION_HEAD, isAnimated } from '../core/formats/pictures/is-animated.ts';
import { type CheckedCanvas, isCanvasTrue } from './canvas-check.ts';

const QUALITY = 0.82;

export interface ScaleOrder {
	readonly picture: Blob;
	/** pixels, as it is shown */
	readonly size: { readonly width: number; readonly height: number } | { readonly longest: number };
}

addEventListener('message', async ({ data }: MessageEvent<ScaleOrder>) => {
	postMessage(await scaled(data).catch(() => undefined));
});

async function scaled({ picture, size }: ScaleOrder): Promise<Blob | undefined> {
	if (!(await isCanvasTrue(makeCanvas))) return undefined;
	const bitmap = await open(picture, size);
	if (bitmap === undefined) return undefined;
	const { width, height } = 'longest' in size ? fitted(bitmap, size.longest) : size;
	const canvas = new OffscreenCanvas(width, height);
	const context = canvas.getContext('2d');
	if (context !== null) context.imageSmoothingQuality = 'high';
	context?.drawImage(bitmap, 0, 0, width, height);
	bitmap.close();
	const pixels = context?.getImageData(0, 0, width, height).data;
	const isOpaque = picture.type === 'image/jpeg' || pixels?.every((n, at) => at % 4 < 3 || n > 254);
	// Where WebP cannot be written this is PNG.
	const type = isOpaque ? 'image/jpeg' : 'image/webp';
	return canvas.convertToBlob({ type, quality: QUALITY });
}

async function open(picture: Blob, size: ScaleOrder['size']): Promise<ImageBitmap | undefined> {
	if ('longest' in size) return createImageBitmap(picture);
	const head = new Uint8Array(await picture.slice(0, ANIMATION_HEAD).arrayBuffer());
	if (isAnimated(head, picture.type)) return undefined;
	// Both engines turn it as its EXIF says before they scale it.
	const { width: resizeWidth, height: resizeHeight } = size;
	return createImageBitmap(picture, { resizeWidth, resizeHeight, resizeQuality: 'high' });
}

function fitted({ width, height }: ImageBitmap, longest: number) {
	const scale = Math.min(1, longest / Math.max(width, height));
	const side = (length: number) => Math.max(1, Math.round(length * scale));
	return { width: side(width), height: side(height) };
}

function makeCanvas(side: number): CheckedCanvas {
	const canvas = new OffscreenCanvas(side, side);
	const context = canvas.getContext('2d');
	if (context === null) throw new TypeError('no canvas');
	return { context, png: () => canvas.convertToBlob({ type: 'image/png' }) };
}
