export function focus(selector: string): void {
	document.querySelector<HTMLElement>(selector)?.focus();
}

/** Where what had the focus is gone, the wanted row of the list has it, else the one that Tab stops at. */
export function focusList(wanted: string): void {
	const { activeElement } = document;
	if (activeElement !== null && activeElement !== document.body) return;
	focus('.row[tabindex="0"]');
	focus(wanted);
}
