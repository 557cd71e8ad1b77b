/** What a browser falsifies: all that is had from a canvas, or some of it. */
export type Lies = 'all' | 'files' | 'pixels';

/**
 * A script after which canvases do not give back what is drawn on them, in a page or a worker: stripes and one colour, as
 * Firefox gives them with `privacy.resistFingerprinting`.
 */
export function lyingCanvas(what: Lies = 'all'): string {
	return `(${falsify.toString()})(${JSON.stringify(what)});`;
}

function falsify(what: Lies): void {
	const stripes = crypto.getRandomValues(new Uint8Array(32));
	const lie = (data: Uint8ClampedArray) => {
		for (let at = 0; at < data.length; at++)
			data[at] = at % 4 === 3 ? 255 : (stripes[at % 32] ?? 0);
	};
	const readers =
		typeof CanvasRenderingContext2D === 'undefined'
			? [OffscreenCanvasRenderingContext2D]
			: [OffscreenCanvasRenderingContext2D, CanvasRenderingContext2D];
	if (what !== 'files')
		for (const { prototype } of readers) {
			const read = prototype.getImageData;
			prototype.getImageData = function (...args: Parameters<typeof read>) {
				const image = read.apply(this as CanvasRenderingContext2D, args);
				lie(image.data);
				return image;
			};
		}
	if (what === 'pixels') return;
	const convert = OffscreenCanvas.prototype.convertToBlob;
	OffscreenCanvas.prototype.convertToBlob = function (options) {
		const other = new OffscreenCanvas(this.width, this.height);
		other.getContext('2d')?.fillRect(0, 0, this.width, this.height);
		return convert.call(other, options);
	};
	if (typeof HTMLCanvasElement === 'undefined') return;
	const toBlob = HTMLCanvasElement.prototype.toBlob;
	HTMLCanvasElement.prototype.toBlob = function (...args) {
		const other = document.createElement('canvas');
		[other.width, other.height] = [this.width, this.height];
		other.getContext('2d')?.fillRect(0, 0, this.width, this.height);
		toBlob.apply(other, args);
	};
}
