import { Ask } from '../parts/ask.tsx';

/** Asks whether what is here may go for a server that the domain does not name. */
export function AskErase(props: { onYes: () => void; onClose: () => void }) {
	return (
		<Ask
			title="Erase everything?"
			testid="ask-erase"
			yes="Erase everything"
			yesTestid="confirm-erase"
			isDanger
			no="Keep it"
			onYes={() => props.onYes()}
			onClose={() => props.onClose()}
		>
			Your domain does not say that it has moved. To sign in at the new server, everything on this
			device has to go first: messages, files and keys of every account that signed in here.
			Encrypted messages cannot be fetched again.
		</Ask>
	);
}
