/** CSS pixels. */
export interface Size {
	readonly width: number;
	readonly height: number;
}

/** CSS pixels from the middle of the frame. */
export interface Point {
	readonly x: number;
	readonly y: number;
}

/** How a picture lies in its frame: enlarged by `scale`, its middle at a point. */
export interface View extends Point {
	readonly scale: number;
}

/** The result of a swipe. */
export type SwipeEnd = 'before' | 'after' | 'close' | 'stay';

export const WHOLE: View = { scale: 1, x: 0, y: 0 };
export const MAX_SCALE = 6;

/** Of the frame's side: a swipe that far counts, however slow. */
const FAR = 0.3;
/** Pixels a millisecond: a swipe that fast counts, from so many pixels on. */
const FAST = 0.35;
const SHORT = 24;

const clamp = (value: number, least: number, most: number) =>
	Math.min(most, Math.max(least, value));

/** The nearest view that leaves no room beside the picture which the picture could fill. */
export function bounded({ scale, x, y }: View, picture: Size, frame: Size): View {
	const fit = Math.min(frame.width / picture.width, frame.height / picture.height);
	const next = clamp(scale, 1, MAX_SCALE);
	const along = (at: number, side: number, room: number) => {
		// Nothing is known of a picture that is not here.
		const reach = Math.max(0, (side * fit * next - room) / 2 || 0);
		return clamp(at, -reach, reach);
	};
	return {
		scale: next,
		x: along(x, picture.width, frame.width),
		y: along(y, picture.height, frame.height),
	};
}

/** A view enlarged by a factor; what is at a point stays there. */
export function zoomed(view: View, factor: number, at: Point): View {
	const scale = clamp(view.scale * factor, 1, MAX_SCALE);
	const by = scale / view.scale;
	return { scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by };
}

/** A view after two fingers moved: what is under them goes with them. */
export function pinched(
	view: View,
	before: readonly [Point, Point],
	after: readonly [Point, Point],
): View {
	const [from, to] = [middle(before), middle(after)];
	const factor = distance(after) / distance(before);
	const { scale, x, y } = zoomed(view, Number.isFinite(factor) ? factor : 1, from);
	return { scale, x: x + to.x - from.x, y: y + to.y - from.y };
}

/** A drag to the side as it is shown: where there is nothing more, it goes a third as far. */
export function resisted(x: number, has: { before: boolean; after: boolean }): number {
	return (x > 0 ? has.before : has.after) ? x : x / 3;
}

/** The result of a swipe of so many pixels and milliseconds. */
export function swipeEnd(
	{ x, y, time }: Point & { time: number },
	frame: Size,
	has: { before: boolean; after: boolean },
): SwipeEnd {
	const counts = (way: number, side: number) =>
		way > side * FAR || (way > SHORT && way / Math.max(1, time) > FAST);
	if (Math.abs(y) > Math.abs(x)) return counts(y, frame.height) ? 'close' : 'stay';
	if (!counts(Math.abs(x), frame.width)) return 'stay';
	if (x > 0) return has.before ? 'before' : 'stay';
	return has.after ? 'after' : 'stay';
}

function middle([a, b]: readonly [Point, Point]): Point {
	return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function distance([a, b]: readonly [Point, Point]): number {
	return Math.hypot(a.x - b.x, a.y - b.y);
}
