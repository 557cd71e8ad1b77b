import { Ask } from '../parts/ask.tsx';
import { WORDS as PARTS } from '../parts/words.ts';
import { DELETE_WORDS } from './message-tools-words.ts';

/** Asks before a message is taken back. */
export function DeleteMessage(props: { onDelete: () => void; onClose: () => void }) {
	return (
		<Ask
			title={DELETE_WORDS.title}
			testid="delete-message"
			yes={PARTS.delete}
			yesTestid="confirm-delete"
			isDanger
			no={PARTS.cancel}
			onYes={props.onDelete}
			onClose={props.onClose}
		>
			{DELETE_WORDS.text}
		</Ask>
	);
}
