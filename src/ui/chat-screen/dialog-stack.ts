import { type Accessor, createMemo, createSignal, mapArray } from 'solid-js';
import { createStep } from '../parts/way-back.ts';

/** A dialog that is shown; `at`: what it is opened for, if not for all of it. */
export type ShownDialog =
	| { readonly kind: 'account' | 'details'; readonly at?: 'devices' }
	| { readonly kind: 'settings' | 'storage' | 'add' | 'media' | 'code' | 'verify-own' | 'verify' };

/** Dialogs that are open: each is over the one before, and that one is shown again once it is closed. */
export interface DialogStack {
	/** the one that is shown */
	readonly top: Accessor<ShownDialog | undefined>;
	/** Shows one in place of all others. */
	open(dialog: ShownDialog): void;
	/** Shows one over the others. */
	over(dialog: ShownDialog): void;
	/** Closes the one on top. */
	back(): void;
	close(): void;
	/** what had the focus before the lowest of them */
	opener(): Element | null;
}

export function createDialogStack(): DialogStack {
	const [dialogs, setDialogs] = createSignal<readonly ShownDialog[]>([]);
	let opener: Element | null = null;
	// The one on top is a step itself.
	const covered = mapArray(
		() => dialogs().slice(0, -1),
		(dialog) =>
			createStep('dialog', () =>
				setDialogs((before) => before.slice(0, Math.max(0, before.indexOf(dialog)))),
			),
	);
	createMemo(covered);
	return {
		top: () => dialogs().at(-1),
		open(dialog) {
			if (dialogs().length === 0) opener = document.activeElement;
			setDialogs([dialog]);
		},
		over: (dialog) => setDialogs((before) => [...before, dialog]),
		back: () => setDialogs((before) => before.slice(0, -1)),
		close: () => setDialogs([]),
		opener: () => opener,
	};
}
