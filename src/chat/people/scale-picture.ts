import type { ScaleOrder } from '../../media/scale-picture-worker.ts';
import scaler from '../../media/scale-picture-worker.ts?worker&url';

/** Milliseconds that it may take. */
const TIME = 20_000;

/**
 * Makes a picture smaller, off the page; undefined for what moves, or cannot be made smaller here. Rejects if the browser
 * cannot do it, or not in time.
 */
export function scalePicture(order: ScaleOrder): Promise<Blob | undefined> {
	const worker = new Worker(scaler);
	let timer: ReturnType<typeof setTimeout>;
	return new Promise<Blob | undefined>((resolve, reject) => {
		timer = setTimeout(reject, TIME);
		worker.onmessage = ({ data }: MessageEvent<Blob | undefined>) => resolve(data);
		worker.onerror = reject;
		worker.postMessage(order);
	}).finally(() => {
		clearTimeout(timer);
		worker.terminate();
	});
}
