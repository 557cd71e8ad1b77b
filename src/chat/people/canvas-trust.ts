import { type CheckedCanvas, isCanvasTrue } from '../../media/canvas-check.ts';

let known: Promise<boolean> | undefined;

/** Whether pictures can be drawn anew in this page; found out once, before the first. */
export function canRedraw(): Promise<boolean> {
	known ??= isCanvasTrue(makeCanvas);
	return known;
}

/** Throws TypeError where there are none. */
function makeCanvas(side: number): CheckedCanvas {
	const canvas = document.createElement('canvas');
	canvas.width = side;
	canvas.height = side;
	const context = canvas.getContext('2d');
	if (context === null) throw new TypeError('no canvas');
	return {
		context,
		png: () =>
			new Promise((resolve, reject) =>
				canvas.toBlob((blob) =>
					blob === null ? reject(new TypeError('no picture')) : resolve(blob),
				),
			),
	};
}
