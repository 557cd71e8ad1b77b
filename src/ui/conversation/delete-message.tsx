import { Dialog } from '../dialog/dialog.tsx';

/** Asks before a message is taken back. */
export function DeleteMessage(props: { onDelete: () => void; onClose: () => void }) {
	return (
		<Dialog title="Delete for everyone?" testid="delete-message" onClose={() => props.onClose()}>
			<p>
				It will be gone here, and they are asked to delete it, too. They may have read it already,
				and some apps keep it.
			</p>
			<div class="dialog-buttons">
				<button
					type="button"
					class="button danger"
					data-testid="confirm-delete"
					onClick={() => props.onDelete()}
				>
					Delete
				</button>
				<button type="button" class="button plain" onClick={() => props.onClose()}>
					Keep it
				</button>
			</div>
		</Dialog>
	);
}
