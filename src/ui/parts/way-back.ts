import { createEffect, createMemo, onCleanup, untrack } from 'solid-js';

/**
 * The browser's and the phone's own way back leads through what is open: each screen and each dialog is a step, an entry
 * of the history. An entry says only how many steps there are up to it, and as what they are known; what is open is known
 * here. So whatever closes takes its entry along, wherever it stands; and an entry that is come to again by the way on, or
 * after a reload, opens nothing by itself.
 */
interface Step {
	/** as it is known after a reload */
	readonly name: string;
	readonly leave: () => void;
}

/** what is open, from the lowest */
const steps: Step[] = [];
/** the browser is on its way to another entry */
let isGoing = false;
let isSettling = false;

/** The names that an entry has, of what was open there. */
function namesOf(state: unknown): readonly string[] {
	const { steps: names } = (state ?? {}) as { steps?: unknown };
	return Array.isArray(names) ? names.map(String) : [];
}

/** what was open when the page was loaded again, until something else is */
let before = namesOf(history.state);

/** Something was open when the page was loaded again, and may be once more. */
export function wasOpen(name: string): boolean {
	return before.includes(name);
}

/** Brings the history in line with what is open, once all that changes together has. */
export function settleWayBack(): void {
	if (isSettling) return;
	isSettling = true;
	queueMicrotask(() => {
		isSettling = false;
		before = [];
		if (isGoing) return;
		const at = namesOf(history.state);
		const names = steps.map(({ name }) => name);
		if (at.length > names.length) {
			isGoing = true;
			history.go(names.length - at.length);
			return;
		}
		const same = names.slice(0, at.length);
		if (at.length > 0 && same.join() !== at.join()) history.replaceState({ steps: same }, '');
		for (let length = at.length + 1; length <= names.length; length += 1)
			history.pushState({ steps: names.slice(0, length) }, '');
	});
}

addEventListener('popstate', () => {
	const isOurs = isGoing;
	isGoing = false;
	const { length } = namesOf(history.state);
	// Dialogs that were opened meanwhile stay. From the top: the ones below may be seen in between.
	while (!isOurs && steps.length > length) steps.pop()?.leave();
	settleWayBack();
});

/** Is a step of the way back until its owner is gone; `leave` closes it. */
export function createStep(name: string, leave: () => void): void {
	const step = { name, leave };
	steps.push(step);
	settleWayBack();
	onCleanup(() => {
		const index = steps.indexOf(step);
		// The way back has led out of it.
		if (index < 0) return;
		steps.splice(index, 1);
		settleWayBack();
	});
}

/** The same as long as something is open. */
export function createStepWhile(name: string, isOpen: () => boolean, leave: () => void): void {
	const open = createMemo(isOpen);
	createEffect(() => {
		if (open()) untrack(() => createStep(name, leave));
	});
}
