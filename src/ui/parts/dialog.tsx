import { type JSX, onMount } from 'solid-js';
import { createFocusReturn } from './focus-return.ts';
import { Icon } from './icon.tsx';
import { createStep } from './way-back.ts';
import { WORDS } from './words.ts';
import './dialog.css';

/**
 * A modal with a title; closes by Escape, its button, the way back or a click beside it, and gives the focus back. Where that has gone,
 * `FocusLost` says where it goes.
 */
export function Dialog(props: {
	title: string;
	testid: string;
	/** as wide as what is read in it */
	isWide?: boolean;
	onClose: () => void;
	children: JSX.Element;
}) {
	let dialog!: HTMLDialogElement;
	let isGone = false;
	/** Or who selects a text and lets go beside the dialog would close it. */
	let isPressedBeside = false;
	onMount(() => {
		createFocusReturn(() => {
			isGone = true;
			dialog.close();
		});
		dialog.showModal();
		createStep('dialog', () => props.onClose());
	});
	return (
		<dialog
			ref={dialog}
			class="dialog"
			classList={{ wide: props.isWide === true }}
			data-testid={props.testid}
			aria-label={props.title}
			onClose={() => isGone || props.onClose()}
			onPointerDown={(event) => {
				isPressedBeside = event.target === dialog;
			}}
			onClick={(event) => event.target === dialog && isPressedBeside && dialog.close()}
			onKeyDown={() => undefined}
			// What it was opened from, which it is in, has a menu and a swipe of its own.
			onContextMenu={(event) => event.stopPropagation()}
			data-own-drag
		>
			<div class="dialog-body">
				<header class="dialog-head">
					<h2>{props.title}</h2>
					<button
						type="button"
						class="icon-button"
						data-testid="close-dialog"
						aria-label={WORDS.close}
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
