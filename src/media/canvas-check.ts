/** A canvas of either kind. */
export interface CheckedCanvas {
	readonly context: Pick<
		OffscreenCanvasRenderingContext2D,
		'drawImage' | 'getImageData' | 'putImageData'
	>;
	png(): Promise<Blob>;
}

/** Pixels of a side: smaller ones are left alone by some that falsify others. */
const SIDE = 32;
/** Difference that a value may have: some browsers add noise that nobody sees. */
const NOISE = 2;

/**
 * Whether what is drawn on a canvas can be had from it. Browsers that hide what tells devices apart give one colour, or
 * stripes (Firefox with `privacy.resistFingerprinting`, as Tor Browser and LibreWolf set it), and say nothing. Pixels of random
 * colours go the way that pictures go: on a canvas, into a file, and back.
 */
export async function isCanvasTrue(makeCanvas: (side: number) => CheckedCanvas): Promise<boolean> {
	try {
		const canvas = makeCanvas(SIDE);
		const pattern = new ImageData(SIDE, SIDE);
		crypto.getRandomValues(pattern.data);
		for (let at = 3; at < pattern.data.length; at += 4) pattern.data[at] = 255;
		canvas.context.putImageData(pattern, 0, 0);
		if (!isAlike(pattern, canvas)) return false;
		const bitmap = await createImageBitmap(await canvas.png());
		const again = makeCanvas(SIDE);
		again.context.drawImage(bitmap, 0, 0);
		bitmap.close();
		return isAlike(pattern, again);
	} catch {
		return false;
	}
}

function isAlike(pattern: ImageData, { context }: CheckedCanvas): boolean {
	const { data } = context.getImageData(0, 0, SIDE, SIDE);
	return pattern.data.every((value, at) => Math.abs(value - (data[at] ?? 999)) <= NOISE);
}
