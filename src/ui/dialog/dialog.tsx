import { type JSX, onCleanup, onMount, useContext } from 'solid-js';
import { Icon } from '../icons/icon.tsx';
import { FocusLost } from './focus-lost.ts';
import './dialog.css';

/**
 * A modal with a title; closes by Escape, its button or a click beside it, and gives the focus back. Where that has gone,
 * `FocusLost` says where it goes.
 */
export function Dialog(props: {
	title: string;
	testid: string;
	onClose: () => void;
	children: JSX.Element;
}) {
	let dialog!: HTMLDialogElement;
	let isGone = false;
	const focusLost = useContext(FocusLost);
	onMount(() => {
		const before = document.activeElement;
		dialog.showModal();
		onCleanup(() => {
			// Another one may take its place: what is behind an open one cannot be focused.
			isGone = true;
			dialog.close();
			// Chromium types nothing into a field that got the focus back while the dialog was still in the page.
			queueMicrotask(() => {
				const isFree = [null, document.body, before].includes(document.activeElement);
				if (!isFree) return;
				if (before instanceof HTMLElement) {
					before.blur();
					before.focus();
				}
				const isLost = [null, document.body].includes(document.activeElement as HTMLElement | null);
				if (isLost && document.querySelector('dialog[open]') === null) focusLost();
			});
		});
	});
	return (
		<dialog
			ref={dialog}
			class="dialog"
			data-testid={props.testid}
			aria-label={props.title}
			onClose={() => isGone || props.onClose()}
			onClick={(event) => event.target === dialog && dialog.close()}
			onKeyDown={() => undefined}
		>
			<div class="dialog-body">
				<header class="dialog-head">
					<h2>{props.title}</h2>
					<button
						type="button"
						class="icon-button"
						data-testid="close-dialog"
						aria-label="Close"
						onClick={() => dialog.close()}
					>
						<Icon name="cancel" />
					</button>
				</header>
				{props.children}
			</div>
		</dialog>
	);
}
