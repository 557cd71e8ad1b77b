import { isFocusLost } from '../parts/focus-return.ts';

export function focus(selector: string): void {
	document.querySelector<HTMLElement>(selector)?.focus();
}

/** Where what had the focus is gone, the wanted row of the list has it, else the one that Tab stops at. */
export function focusList(wanted: string): void {
	if (!isFocusLost()) return;
	focus('.row[tabindex="0"]');
	if (wanted !== '') focus(wanted);
}
