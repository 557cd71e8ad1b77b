import { onCleanup } from 'solid-js';

/** Does something when Escape is pressed and no dialog or menu is there to close, as long as its component is there. */
export function onEscape(work: () => void): void {
	const onKeyDown = (event: KeyboardEvent) => {
		const isElsewhere =
			document.querySelector('dialog[open]') !== null ||
			(event.target instanceof Element && event.target.closest('[popover]') !== null);
		if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || isElsewhere)
			return;
		work();
	};
	document.addEventListener('keydown', onKeyDown);
	onCleanup(() => document.removeEventListener('keydown', onKeyDown));
}
