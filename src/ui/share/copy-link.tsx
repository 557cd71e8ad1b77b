import type { ChatMessage } from '../../chat/model/chat-message.ts';
import { Ask } from '../parts/ask.tsx';

/** Asks before the address of a file, with its key, leaves the app. */
export function CopyLink(props: {
	message: ChatMessage;
	onCopied: () => void;
	onClose: () => void;
}) {
	const copy = async () => {
		const [uri = ''] = (props.message.text ?? '').split('\n');
		await navigator.clipboard.writeText(uri).then(props.onCopied, () => undefined);
		props.onClose();
	};
	return (
		<Ask
			title="Copy the link?"
			testid="copy-link-dialog"
			yes="Copy"
			yesTestid="confirm-copy-link"
			no="Not now"
			onYes={copy}
			onClose={props.onClose}
		>
			The key is part of it: whoever sees the link can open the file, and other apps can read what
			is copied.
		</Ask>
	);
}
