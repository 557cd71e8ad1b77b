import { Ask } from '../parts/ask.tsx';
import { ERASE_WORDS } from './words.ts';

/** Asks whether what is here may go for a server that the domain does not name. */
export function AskErase(props: { onYes: () => void; onClose: () => void }) {
	return (
		<Ask
			title={ERASE_WORDS.title}
			testid="ask-erase"
			yes={ERASE_WORDS.yes}
			yesTestid="confirm-erase"
			isDanger
			no={ERASE_WORDS.no}
			onYes={() => props.onYes()}
			onClose={() => props.onClose()}
		>
			{ERASE_WORDS.text}
		</Ask>
	);
}
