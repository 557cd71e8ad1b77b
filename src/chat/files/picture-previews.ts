import { MEDIA_PREFIX } from '../../core/http/media-path.ts';
import type { Previews } from '../../vault/previews.ts';
import { canRedraw } from '../people/canvas-trust.ts';
import { scalePicture } from '../people/scale-picture.ts';

/**
 * Longest sides of previews in pixels: for a tile of an album, the same where one pixel of CSS is three, and for a bubble
 * there. What is larger than its box needs is decoded for nothing, and lists are scrolled over many of them.
 */
const SIDES = [256, 512, 1024];
const LONGEST = 1024;
/** How much longer a picture may be than the preview of it, to be shown as it is. */
const ALIKE = 1.6;
/** What a preview may lack of the pixels that its box has, before a larger one is made. */
const SHARP = 0.8;

/** A picture that has been loaded, and so verified. */
export interface WholePicture {
	readonly id: string;
	readonly src: string;
	/** pixels, as it is shown */
	readonly width: number;
	readonly height: number;
	/** the longest side of what is shown of it now, and that its box has room for, in pixels of the device */
	readonly shown: number;
	readonly wanted: number;
}

/** Small copies of large pictures, for timelines. What resolves to an object URL gives it to the caller, who revokes it. */
export interface PicturePreviews {
	kept(id: string): Promise<string | undefined>;
	/**
	 * Makes and keeps one that suits the box; undefined where what is shown does, or no worker serves it, and resolves to
	 * undefined for what moves or cannot be made smaller here. One at a time: first what is least far from the eye, by
	 * `distance`; none of what is aborted before its turn.
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
	const asItIs = new Set<string>();

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

	async function made(picture: WholePicture, longest: number): Promise<Blob | undefined> {
		const { id, src, width, height } = picture;
		const scale = longest / Math.max(width, height);
		const side = (length: number) => Math.max(1, Math.round(length * scale));
		try {
			if (!(await canRedraw())) return undefined;
			const response = await fetch(src);
			const whole = await response.blob();
			// Firefox takes for the whole what a worker sent before it was ended.
			if (`${whole.size}` !== response.headers.get('Content-Length')) return undefined;
			const size = { width: side(width), height: side(height) };
			const blob = await scalePicture({ picture: whole, size });
			if (blob === undefined) asItIs.add(id);
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
			// What was made where canvases lie is stripes.
			if (!(await canRedraw())) return undefined;
			const bytes = await previews.get(id).catch(() => undefined);
			return bytes && URL.createObjectURL(new Blob([bytes]));
		},
		make(picture, distance, signal) {
			const { id, src, width, height, shown, wanted } = picture;
			const all = Math.max(width, height);
			const longest = SIDES.find((side) => side >= wanted) ?? LONGEST;
			const isSharp = shown >= Math.min(wanted, longest, all) * SHARP;
			const isTooLarge = shown >= all && all > longest * ALIKE;
			// What was made in this page the policy lets nobody fetch.
			if ((isSharp && !isTooLarge) || asItIs.has(id) || !src.startsWith(MEDIA_PREFIX))
				return undefined;
			return new Promise((resolve) => {
				jobs.add({
					distance,
					async run() {
						const blob = signal.aborted ? undefined : await made(picture, Math.min(longest, all));
						resolve(blob && URL.createObjectURL(blob));
					},
				});
				void work();
			});
		},
	};
}
