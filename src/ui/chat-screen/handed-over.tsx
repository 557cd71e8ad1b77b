import { Show } from 'solid-js';
import type { Messenger, StagedShare } from '../../chat/account/messenger.ts';
import { cleanFileName } from '../../core/text/file-name.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ChooseConversation } from '../share/choose-conversation.tsx';
import { handedOverText } from '../share/share-text.ts';

/** Asks who gets what another app handed over, or what was dropped beside a conversation. */
export function HandedOver(props: {
	messenger: Messenger;
	share: StagedShare;
	onChoose: (jid: string) => void;
	onClose: () => void;
}) {
	const names = () => props.share.files.map(({ name }) => cleanFileName(name));
	const what = () => handedOverText(names(), props.share.left);
	return (
		<Show
			when={names().length > 0 || props.share.text !== ''}
			fallback={
				<Dialog title="Nothing to send" testid="handed-over-nothing" onClose={props.onClose}>
					<p>{what()}</p>
				</Dialog>
			}
		>
			<ChooseConversation
				title="Send to"
				messenger={props.messenger}
				needsEncryption={names().length > 0}
				what={what()}
				onChoose={props.onChoose}
				onClose={props.onClose}
			/>
		</Show>
	);
}
