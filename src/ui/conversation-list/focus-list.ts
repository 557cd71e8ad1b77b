import { isFocusLost } from '../parts/focus-return.ts';

function focus(selector: string): void {
	document.querySelector<HTMLElement>(selector)?.focus();
}

/** Focuses the row of a conversation. */
export function focusRow(peer: string): void {
	focus(`.row[data-peer="${CSS.escape(peer)}"]`);
}

/** Where what had the focus is gone, the row of the list that Tab stops at has it. */
export function focusList(): void {
	if (!isFocusLost()) return;
	focus('.row[tabindex="0"]');
}

/** Focuses the button of the account, which is always there. */
export function focusAccount(): void {
	focus('[data-testid=account]');
}

/** The same, but the message requests come first where there are any. */
export function focusRequests(): void {
	if (!isFocusLost()) return;
	focus('.row[tabindex="0"]');
	focus('[data-testid=requests]');
}
