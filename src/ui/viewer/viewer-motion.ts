import { batch, createSignal } from 'solid-js';
import { bounded, type Point, type View, WHOLE, zoomed } from './zoom-geometry.ts';

/** Pixels between two slides. */
export const GAP = 24;
const CENTRE: Point = { x: 0, y: 0 };

/** Where the row of slides stands, and how far the picture in its middle is zoomed. */
export interface ViewerMotion {
	readonly view: () => View;
	/** pixels by which the row is off its place */
	readonly drag: () => Point;
	/** it moves to its place by itself */
	readonly settles: () => boolean;
	/** pixels of the stage */
	frame(): { readonly width: number; readonly height: number };
	settle(): void;
	/** The row has gone on by one slide, which is to come from its side: to be called in the same batch. */
	goOn(step: 1 | -1): void;
	dragTo(to: Point): void;
	/** Zooms and moves the picture, within its bounds. `settles`: not under a finger. */
	look(next: View, settles?: boolean): void;
	zoomBy(factor: number, at?: Point): void;
	/** Shows all of the picture. */
	reset(): void;
}

export function createViewerMotion(stage: () => HTMLElement): ViewerMotion {
	const [view, setView] = createSignal(WHOLE);
	const [drag, setDrag] = createSignal(CENTRE);
	const [settles, setSettles] = createSignal(false);
	const frame = () => ({ width: stage().clientWidth, height: stage().clientHeight });
	const picture = () => stage().querySelector<HTMLImageElement>('.current .viewer-picture');
	const look = (next: View) => {
		const { naturalWidth: width = 0, naturalHeight: height = 0 } = picture() ?? {};
		if (width > 0) setView(bounded(next, { width, height }, frame()));
	};
	return {
		view,
		drag,
		settles,
		frame,
		settle() {
			// It moves from where it is drawn now.
			stage().getBoundingClientRect();
			batch(() => {
				setSettles(true);
				setDrag(CENTRE);
			});
		},
		goOn(step) {
			setView(WHOLE);
			setSettles(false);
			setDrag(({ x }) => ({ x: x + step * (stage().clientWidth + GAP), y: 0 }));
		},
		dragTo(to) {
			batch(() => {
				setSettles(false);
				setDrag(to);
			});
		},
		look(next, isSettling) {
			if (isSettling !== undefined) setSettles(isSettling);
			look(next);
		},
		zoomBy(factor, at = CENTRE) {
			setSettles(true);
			look(zoomed(view(), factor, at));
		},
		reset: () => setView(WHOLE),
	};
}
