import type { ViewerMotion } from './viewer-motion.ts';

/** Pixels of a step of a zoomed picture. */
const STEP = 60;

/** The keys of the viewer: zoom, and arrows, which move a zoomed picture and else go on. */
export function makeViewerKeys(
	motion: Pick<ViewerMotion, 'view' | 'look' | 'zoomBy' | 'reset'>,
	go: (step: 1 | -1) => void,
): (event: KeyboardEvent) => void {
	const pan = (x: number, y: number) => {
		const { scale, ...at } = motion.view();
		if (scale > 1) motion.look({ scale, x: at.x + x, y: at.y + y });
		else if (x !== 0) go(x > 0 ? -1 : 1);
	};
	const keys: Record<string, () => void> = {
		'+': () => motion.zoomBy(1.5),
		'=': () => motion.zoomBy(1.5),
		'-': () => motion.zoomBy(1 / 1.5),
		'0': () => motion.reset(),
		ArrowLeft: () => pan(STEP, 0),
		ArrowRight: () => pan(-STEP, 0),
		ArrowUp: () => pan(0, STEP),
		ArrowDown: () => pan(0, -STEP),
	};
	return (event) => {
		const work = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
		const isOfVideo = event.target instanceof HTMLVideoElement;
		if (!work || isOfVideo || event.ctrlKey || event.metaKey || event.altKey) return;
		event.preventDefault();
		work();
	};
}
