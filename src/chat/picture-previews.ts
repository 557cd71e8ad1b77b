import { MEDIA_PREFIX } from '../core/media-path.ts';
import scaler from '../media/scale-picture.ts?worker&url';
import type { Previews } from '../vault/previews.ts';

/** The longest side of a preview in pixels: a bubble is at most 440 wide, and phones have three pixels to one of CSS. */
const LONGEST = 1024;
/** Pixels up to which a picture is shown as it is. */
const SMALL = 2_000_000;
/** Milliseconds that making one may take. */
const TIME = 20_000;

/** A picture that has been loaded, and so verified. */
export interface WholePicture {
	readonly id: string;
	readonly src: string;
	/** pixels, as it is shown */
	readonly width: number;
	readonly height: number;
}

/** Small copies of large pictures, for timelines. What resolves to an object URL gives it to the caller, who revokes it. */
export interface PicturePreviews {
	kept(id: string): Promise<string | undefined>;
	/**
	 * Makes and keeps one; undefined for what is small or not served by a worker, and resolves to undefined for what moves or
	 * cannot be made smaller here. One at a time: first what is least far from the eye, by `distance`; none of what is
	 * aborted before its turn.
	 */
	make(
		picture: WholePicture,
		distance: () => number,
		signal: AbortSignal,
	): Promise<string | undefined> | undefined;
}

interface Job {
	readonly distance: () => number;
	readonly run: () => Promise<void>;
}

export function makePicturePreviews(previews: Previews): PicturePreviews {
	const jobs = new Set<Job>();
	let busy = false;
	/** what turned out to be shown as it is */
	const whole = new Set<string>();

	async function work(): Promise<void> {
		if (busy) return;
		busy = true;
		for (;;) {
			const [next] = [...jobs].sort((a, b) => a.distance() - b.distance());
			if (next === undefined) break;
			jobs.delete(next);
			await next.run();
		}
		busy = false;
	}

	async function made({ id, src, width, height }: WholePicture): Promise<Blob | undefined> {
		const scale = LONGEST / Math.max(width, height);
		const side = (length: number) => Math.max(1, Math.round(length * scale));
		try {
			const response = await fetch(src);
			const picture = await response.blob();
			// Firefox takes for the whole what a worker sent before it was ended.
			if (`${picture.size}` !== response.headers.get('Content-Length')) return undefined;
			const blob = await scaled({ picture, width: side(width), height: side(height) });
			if (blob === undefined) whole.add(id);
			// Without room it is made again the next time.
			else
				void blob
					.arrayBuffer()
					.then((bytes) => previews.put(id, new Uint8Array(bytes)))
					.catch(() => undefined);
			return blob;
		} catch {
			return undefined;
		}
	}

	return {
		async kept(id) {
			const bytes = await previews.get(id).catch(() => undefined);
			return bytes && URL.createObjectURL(new Blob([bytes]));
		},
		make(picture, distance, signal) {
			const { id, src, width, height } = picture;
			// What was made in this page the policy lets nobody fetch.
			const isServed = src.startsWith(MEDIA_PREFIX);
			if (width * height <= SMALL || whole.has(id) || !isServed) return undefined;
			return new Promise((resolve) => {
				jobs.add({
					distance,
					async run() {
						const blob = signal.aborted ? undefined : await made(picture);
						resolve(blob && URL.createObjectURL(blob));
					},
				});
				void work();
			});
		},
	};
}

/** Rejects if the browser cannot do it, or not in time. */
function scaled(order: {
	picture: Blob;
	width: number;
	height: number;
}): Promise<Blob | undefined> {
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
