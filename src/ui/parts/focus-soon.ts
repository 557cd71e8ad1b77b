/** For `ref`: focuses what has taken the place of what was focused, once it is in the page. */
export function focusSoon(element: HTMLElement): void {
	queueMicrotask(() => element.focus());
}
