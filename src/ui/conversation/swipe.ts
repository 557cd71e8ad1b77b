/** Pixels after which a finger is taken to swipe, and at which letting go does something. */
const BEGIN = 12;
const FAR = 64;
/** Elements that a finger moves to and fro themselves. */
const OWN = 'input, video, [data-own-drag]';

/** A finger that pulls a row of a list to the right, and lets go, does something with it. Returns how to end that. */
export function makeSwipe(
	list: HTMLElement,
	rowOf: (target: Element) => HTMLElement | null,
	pulled: (row: HTMLElement) => void,
): () => void {
	let row: HTMLElement | null = null;
	let start = { x: 0, y: 0 };
	let by = 0;
	const rest = () => {
		row?.classList.remove('swiped', 'far');
		row?.style.removeProperty('--swiped');
		row = null;
		by = 0;
	};
	const down = (event: PointerEvent) => {
		rest();
		const { target } = event;
		if (event.pointerType !== 'touch' || !event.isPrimary || !(target instanceof Element)) return;
		if (target.closest(OWN) !== null) return;
		row = rowOf(target);
		start = { x: event.clientX, y: event.clientY };
	};
	const move = (event: PointerEvent) => {
		if (row === null || !event.isPrimary) return;
		const [x, y] = [event.clientX - start.x, event.clientY - start.y];
		// The browser scrolls, or the finger goes elsewhere.
		if (by === 0 && (Math.abs(y) > BEGIN || x < -BEGIN)) return rest();
		if (by === 0 && x < BEGIN) return;
		by = Math.max(1, Math.min(x - BEGIN, FAR + (x - BEGIN - FAR) / 4));
		row.classList.add('swiped');
		row.classList.toggle('far', by >= FAR);
		row.style.setProperty('--swiped', `${by}px`);
	};
	const up = () => {
		const done = by >= FAR ? row : null;
		rest();
		if (done !== null) pulled(done);
	};
	list.addEventListener('pointerdown', down);
	list.addEventListener('pointermove', move);
	list.addEventListener('pointerup', up);
	list.addEventListener('pointercancel', rest);
	return () => {
		list.removeEventListener('pointerdown', down);
		list.removeEventListener('pointermove', move);
		list.removeEventListener('pointerup', up);
		list.removeEventListener('pointercancel', rest);
	};
}
