import type { ChatMessage } from '../../chat/messenger/chat-message.ts';
import { Dialog } from '../dialog/dialog.tsx';

/** Asks before the address of a file, with its key, leaves the app. */
export function CopyLink(props: { message: ChatMessage; onClose: () => void }) {
	const copy = async () => {
		const [uri = ''] = (props.message.text ?? '').split('\n');
		await navigator.clipboard.writeText(uri).catch(() => undefined);
		props.onClose();
	};
	return (
		<Dialog title="Copy the link?" testid="copy-link-dialog" onClose={() => props.onClose()}>
			<p>
				The key is part of it: whoever sees the link can open the file, and other apps can read what
				is copied.
			</p>
			<div class="dialog-buttons">
				<button type="button" class="button" data-testid="confirm-copy-link" onClick={copy}>
					Copy
				</button>
				<button type="button" class="button plain" onClick={() => props.onClose()}>
					Not now
				</button>
			</div>
		</Dialog>
	);
}
