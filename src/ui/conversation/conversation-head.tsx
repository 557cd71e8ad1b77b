import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { Avatar } from '../parts/avatar.tsx';
import { createOnline } from '../parts/create-online.ts';
import { Icon } from '../parts/icon.tsx';
import { nameOf } from '../parts/name-of.ts';
import { pendingText } from '../parts/pending-text.ts';
import { WORDS as PARTS } from '../parts/words.ts';
import { CHAT_WORDS } from './words.ts';

/** Who a chat is with, and what they do now. */
export function ConversationHead(props: {
	state: MessengerState;
	peer: string;
	onBack: () => void;
	onDetails: () => void;
}) {
	const isOnline = createOnline();
	const status = () => {
		const { peer } = props;
		if (!isOnline() || props.state.connection === 'offline') return CHAT_WORDS.offline;
		if (props.state.typing[peer]) return PARTS.typing;
		if (props.state.blocked[peer]) return CHAT_WORDS.blocked;
		const pending = pendingText(props.state, peer);
		if (pending !== '') return pending;
		if (props.state.available[peer]) return CHAT_WORDS.online;
		return nameOf(props.state, peer) === peer ? '' : peer;
	};
	return (
		<header class="conversation-head">
			<button
				type="button"
				class="icon-button conversation-back"
				data-testid="back"
				aria-label={PARTS.backToChats}
				onClick={() => props.onBack()}
			>
				<Icon name="back" size={22} />
			</button>
			<button
				type="button"
				class="conversation-who"
				data-testid="details"
				onClick={() => props.onDetails()}
			>
				<Avatar
					jid={props.peer}
					name={nameOf(props.state, props.peer)}
					src={props.state.profiles[props.peer]?.avatar}
				/>
				<span class="row-main">
					<span class="row-name">
						<bdi>{nameOf(props.state, props.peer)}</bdi>
					</span>
					<span class="row-text" classList={{ live: status() === PARTS.typing }} aria-live="polite">
						<bdi>{status()}</bdi>
					</span>
				</span>
			</button>
		</header>
	);
}
