import { type Accessor, createMemo, createSignal } from 'solid-js';

/** The one row of a list that Tab stops at: the one that was focused last, else what is selected, else the first. */
export function createRovingRows(
	keys: Accessor<readonly string[]>,
	selected: Accessor<string | undefined>,
): { stop: Accessor<string | undefined>; focused: (key: string) => void } {
	const [focused, setFocused] = createSignal<string>();
	const stop = createMemo(() => {
		const wanted = [focused(), selected()].filter((key) => key !== undefined);
		return wanted.find((key) => keys().includes(key)) ?? keys()[0];
	});
	return { stop, focused: setFocused };
}

/** Goes from row to row by the arrow keys, Home and End; up from the first one to what stands before them. */
export function stepThroughRows(
	event: KeyboardEvent,
	list: HTMLElement,
	before?: HTMLElement,
): void {
	const rows = [...list.querySelectorAll<HTMLElement>('.row')];
	const at = rows.findIndex((row) => row.contains(document.activeElement));
	const steps: Record<string, number> = {
		ArrowUp: at - 1,
		ArrowDown: at + 1,
		Home: 0,
		End: rows.length - 1,
	};
	const to = steps[event.key];
	if (at < 0 || to === undefined) return;
	event.preventDefault();
	(to < 0 ? before : rows[to])?.focus();
}
