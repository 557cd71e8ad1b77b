import { type Accessor, createSignal, onCleanup, onMount } from 'solid-js';
import { scrollAreaOf } from '../parts/scroll-area.ts';

/** How far above and below what is seen counts as near, in heights of the list. */
const MARGIN = '100% 0px';

/** Whether an element is seen in its list, or soon may be. */
export function createNear(element: () => Element): Accessor<boolean> {
	const [near, setNear] = createSignal(false);
	onMount(() => {
		// The margin counts for this root alone: a list within the window would clip it.
		const root = scrollAreaOf(element());
		const observer = new IntersectionObserver(
			(entries) => setNear(entries.at(-1)?.isIntersecting === true),
			{ root, rootMargin: MARGIN },
		);
		observer.observe(element());
		onCleanup(() => observer.disconnect());
	});
	return near;
}
