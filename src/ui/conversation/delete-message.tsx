import { Ask } from '../parts/ask.tsx';

/** Asks before a message is taken back. */
export function DeleteMessage(props: { onDelete: () => void; onClose: () => void }) {
	return (
		<Ask
			title="Delete for everyone?"
			testid="delete-message"
			yes="Delete"
			yesTestid="confirm-delete"
			isDanger
			no="Keep it"
			onYes={props.onDelete}
			onClose={props.onClose}
		>
			It will be gone here, and they are asked to delete it, too. They may have read it already, and
			some apps keep it.
		</Ask>
	);
}
