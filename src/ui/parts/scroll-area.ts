/** The element with `data-scroll-area` that an element scrolls in; null where that is the page. */
export function scrollAreaOf(element: Element): Element | null {
	return element.closest('[data-scroll-area]');
}
