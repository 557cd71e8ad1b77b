import { type JSX, onCleanup, onMount } from 'solid-js';
import { Icon } from '../icons/icon.tsx';
import './dialog.css';

/** A modal with a title; closes by Escape, its button or a click beside it, and gives the focus back. */
export function Dialog(props: {
	title: string;
	testid: string;
	onClose: () => void;
	children: JSX.Element;
}) {
	let dialog!: HTMLDialogElement;
	let isGone = false;
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
				if (!isFree || !(before instanceof HTMLElement)) return;
				before.blur();
				before.focus();
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
