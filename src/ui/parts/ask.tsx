import type { JSX } from 'solid-js';
import { Dialog } from './dialog.tsx';

/** Asks before something is done. */
export function Ask(props: {
	title: string;
	testid: string;
	/** what is done, on its button */
	yes: string;
	yesTestid: string;
	/** it cannot be undone */
	isDanger?: boolean;
	no: string;
	onYes: () => void;
	onClose: () => void;
	children: JSX.Element;
}) {
	return (
		<Dialog title={props.title} testid={props.testid} onClose={() => props.onClose()}>
			<p>{props.children}</p>
			<div class="dialog-buttons">
				<button
					type="button"
					class="button"
					classList={{ danger: props.isDanger }}
					data-testid={props.yesTestid}
					onClick={() => props.onYes()}
				>
					{props.yes}
				</button>
				<button type="button" class="button plain" onClick={() => props.onClose()}>
					{props.no}
				</button>
			</div>
		</Dialog>
	);
}
