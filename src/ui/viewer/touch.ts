import {
	type Point,
	pinched,
	resisted,
	type Size,
	type SwipeEnd,
	swipeEnd,
	type View,
} from './zoom-geometry.ts';

/** Pixels that a finger may tremble, and below which a video has its controls. */
const TREMBLE = 8;
const CONTROLS = 80;
/** Milliseconds, and pixels, between the taps of a double one. */
const DOUBLE_TIME = 300;
const DOUBLE_WAY = 40;

/** Gestures of fingers, or a mouse, on a stage as large as the window; each call is one event of it. */
export function makeTouch(on: {
	frame: () => Size;
	has: () => { before: boolean; after: boolean };
	view: () => View;
	look: (view: View) => void;
	drag: (to: Point) => void;
	end: (what: SwipeEnd) => void;
	doubleTap: (at: Point) => void;
}) {
	const fingers = new Map<number, Point>();
	/** the gesture, as soon as that is clear */
	let does: 'swipe' | 'pull' | 'zoom' | undefined;
	let from = { x: 0, y: 0, time: 0 };
	let tapped = { x: 0, y: 0, time: -DOUBLE_TIME };
	let hasMoved = false;

	const pointOf = ({ clientX, clientY }: MouseEvent): Point => {
		const { width, height } = on.frame();
		return { x: clientX - width / 2, y: clientY - height / 2 };
	};
	const pair = (): [Point, Point] => [...fingers.values()].slice(0, 2) as [Point, Point];

	function finish(event: PointerEvent, isCancelled: boolean): void {
		const at = fingers.get(event.pointerId);
		if (!fingers.delete(event.pointerId) || at === undefined || fingers.size > 0) return;
		const [x, y, time] = [at.x - from.x, at.y - from.y, event.timeStamp - from.time];
		const did = does;
		does = undefined;
		if (did === 'swipe' || did === 'pull') {
			const way = did === 'swipe' ? { x, y: 0, time } : { x: 0, y, time };
			on.end(isCancelled ? 'stay' : swipeEnd(way, on.frame(), on.has()));
		} else if (did === undefined && !isCancelled) {
			const isNear = Math.hypot(at.x - tapped.x, at.y - tapped.y) < DOUBLE_WAY;
			const isDouble = isNear && event.timeStamp - tapped.time < DOUBLE_TIME;
			if (isDouble) on.doubleTap(at);
			tapped = { ...at, time: isDouble ? -DOUBLE_TIME : event.timeStamp };
		}
	}

	return {
		pointOf,
		down(event: PointerEvent): void {
			const { target } = event;
			hasMoved = false;
			if (event.button !== 0 || !(target instanceof Element) || target.closest('button')) return;
			const isVideo = target instanceof HTMLVideoElement;
			if (isVideo && event.clientY > target.getBoundingClientRect().bottom - CONTROLS) return;
			fingers.set(event.pointerId, pointOf(event));
			if (fingers.size === 1) from = { ...pointOf(event), time: event.timeStamp };
			else does = 'zoom';
		},
		move(event: PointerEvent): void {
			const last = fingers.get(event.pointerId);
			if (last === undefined) return;
			// A mouse that was let go outside of the window.
			if (event.buttons === 0) {
				finish(event, true);
				return;
			}
			const before = pair();
			const now = pointOf(event);
			fingers.set(event.pointerId, now);
			if (fingers.size > 1) {
				hasMoved = true;
				on.look(pinched(on.view(), before, pair()));
				return;
			}
			const [x, y] = [now.x - from.x, now.y - from.y];
			if (does === undefined) {
				if (Math.hypot(x, y) < TREMBLE) return;
				hasMoved = true;
				const isAcross = Math.abs(x) > Math.abs(y);
				does = on.view().scale > 1 ? 'zoom' : isAcross ? 'swipe' : 'pull';
			}
			if (does === 'zoom') {
				const view = on.view();
				on.look({ ...view, x: view.x + now.x - last.x, y: view.y + now.y - last.y });
			} else if (does === 'swipe') on.drag({ x: resisted(x, on.has()), y: 0 });
			else on.drag({ x: 0, y: Math.max(0, y) });
		},
		up: (event: PointerEvent) => finish(event, false),
		cancel: (event: PointerEvent) => finish(event, true),
		/** A swipe that began on a video must not start it. */
		click(event: Event): void {
			if (!hasMoved) return;
			event.preventDefault();
			event.stopPropagation();
		},
	};
}
