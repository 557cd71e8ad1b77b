export function focus(selector: string): void {
	document.querySelector<HTMLElement>(selector)?.focus();
}

export function focusConversation(): void {
	// On a phone the keyboard comes when it is wanted.
	focus(matchMedia('(pointer: coarse)').matches ? '.conversation-who' : '.composer textarea');
}

/** Where what had the focus is gone, the wanted row of the list has it, else the one that Tab stops at. */
export function focusList(wanted: string): void {
	const { activeElement } = document;
	if (activeElement !== null && activeElement !== document.body) return;
	focus('.row[tabindex="0"]');
	focus(wanted);
}
