import { Show } from 'solid-js';
import type { StagedShare } from '../../chat/account/messenger.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { cleanFileName } from '../../core/text/file-name.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ChooseConversation } from '../share/choose-conversation.tsx';
import { handedOverText } from '../share/share-text.ts';
import { HANDED_OVER_WORDS } from './words.ts';

/** Asks who gets what another app handed over, or what was dropped beside a conversation. */
export function HandedOver(props: {
	state: MessengerState;
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
				<Dialog
					title={HANDED_OVER_WORDS.nothing}
					testid="handed-over-nothing"
					onClose={props.onClose}
				>
					<p>{what()}</p>
				</Dialog>
			}
		>
			<ChooseConversation
				title={HANDED_OVER_WORDS.sendTo}
				state={props.state}
				needsEncryption={names().length > 0}
				what={what()}
				onChoose={props.onChoose}
				onClose={props.onClose}
			/>
		</Show>
	);
}
