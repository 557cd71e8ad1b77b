import type { Message } from '../../chat/model/message.ts';
import { Ask } from '../parts/ask.tsx';
import { COPY_LINK_WORDS } from './copy-link-words.ts';

/** Asks before the address of a file, with its key, leaves the app. */
export function CopyLink(props: { message: Message; onCopied: () => void; onClose: () => void }) {
	const copy = async () => {
		const [uri = ''] = (props.message.text ?? '').split('\n');
		await navigator.clipboard.writeText(uri).then(props.onCopied, () => undefined);
		props.onClose();
	};
	return (
		<Ask
			title={COPY_LINK_WORDS.title}
			testid="copy-link-dialog"
			yes={COPY_LINK_WORDS.copy}
			yesTestid="confirm-copy-link"
			no={COPY_LINK_WORDS.cancel}
			onYes={copy}
			onClose={props.onClose}
		>
			{COPY_LINK_WORDS.text}
		</Ask>
	);
}
