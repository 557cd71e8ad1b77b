import { onCleanup, useContext } from 'solid-js';
import { FocusLost } from './focus-lost.ts';

/** Nothing has the focus that a person could go on from. */
export function isFocusLost(): boolean {
	return [null, document.body].includes(document.activeElement as HTMLElement | null);
}

/** Focuses what was behind a dialog that has just been closed. */
export function focusBehind(element: HTMLElement): void {
	element.focus();
	if (document.activeElement === element) return;
	// WebKit may hold it to be inert still, until its style is asked for.
	element.getClientRects();
	element.focus();
}

/**
 * For a dialog that is about to be shown: what has the focus gets it back when its owner is gone, or, where that has gone,
 * too, what `FocusLost` says. `close` closes the dialog: what is behind an open one cannot be focused.
 */
export function createFocusReturn(close: () => void): void {
	const focusLost = useContext(FocusLost);
	const before = document.activeElement;
	onCleanup(() => {
		close();
		// Chromium types nothing into a field that got the focus back while the dialog was still in the page. Another one may
		// take its place.
		queueMicrotask(() => {
			const isFree = [null, document.body, before].includes(document.activeElement);
			if (!isFree) return;
			if (before instanceof HTMLElement) {
				before.blur();
				focusBehind(before);
			}
			if (isFocusLost() && document.querySelector('dialog[open]') === null) focusLost();
		});
	});
}
