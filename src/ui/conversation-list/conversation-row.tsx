import { Show } from 'solid-js';
import type { Conversation } from '../../chat/model/conversation.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { redactAesgcmUris } from '../../core/links/aesgcm-uri.ts';
import { actionOf } from '../../core/text/me-command.ts';
import { Avatar } from '../parts/avatar.tsx';
import { formatWhen } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { nameOf } from '../parts/name-of.ts';
import { pendingText } from '../parts/pending-text.ts';
import { WORDS as PARTS } from '../parts/words.ts';
import { WORDS } from './words.ts';

/** Unread messages that are counted one by one. */
const MAX_UNREAD = 99;

/** One conversation in a list, or somebody one has not written with yet. */
export function ConversationRow(props: {
	state: MessengerState;
	jid: string;
	/** absent with whom one has not talked yet */
	conversation: Conversation | undefined;
	isSelected: boolean;
	hasVoice: boolean;
	isStop: boolean;
	onFocus: () => void;
	onOpen: (jid: string) => void;
}) {
	const state = () => props.state;
	// Unknown people are shown by their whole address: the part before its @ says little.
	const name = () =>
		props.conversation?.isRequest === true ? props.jid : nameOf(state(), props.jid);
	const time = () => props.conversation?.lastTime ?? 0;
	const unread = () => props.conversation?.unread ?? 0;
	/** what stands there is the last message, and is of our own */
	const delivery = () => {
		const { draft, lastIsOwn, lastText, lastDelivery } = props.conversation ?? {};
		const isShown = !state().typing[props.jid] && !props.hasVoice && draft === '';
		return isShown && lastIsOwn && lastText !== undefined ? lastDelivery : undefined;
	};
	const text = () => {
		if (state().typing[props.jid]) return PARTS.typing;
		if (props.hasVoice) return WORDS.voiceDraft;
		if (props.conversation === undefined) return props.jid;
		const { lastText, lastIsOwn, draft } = props.conversation;
		if (draft !== '') return WORDS.draft(redactAesgcmUris(draft));
		if (lastText === undefined) return pendingText(state(), props.jid);
		const shown = redactAesgcmUris(lastText);
		const author = nameOf(state(), lastIsOwn ? state().account : props.jid);
		return actionOf(shown, author) ?? (lastIsOwn ? WORDS.own(shown) : shown);
	};
	return (
		<li>
			<button
				type="button"
				class="row"
				classList={{ selected: props.isSelected, 'has-unread': unread() > 0 }}
				data-testid="conversation"
				data-peer={props.jid}
				aria-current={props.isSelected ? 'true' : undefined}
				tabIndex={props.isStop ? 0 : -1}
				onFocus={() => props.onFocus()}
				onClick={() => props.onOpen(props.jid)}
			>
				<Avatar jid={props.jid} name={name()} src={state().profiles[props.jid]?.avatar} />
				<span class="row-main">
					<span class="row-name">
						<bdi>{name()}</bdi>
					</span>
					<span
						class="row-text"
						classList={{
							live: state().typing[props.jid] === true,
							failed: delivery() === 'failed',
						}}
					>
						<Show when={delivery() === 'failed'}>
							<Icon name="altered" size={16} />
							<span class="visually-hidden">{PARTS.failed}. </span>
						</Show>
						<Show when={delivery() === 'waiting'}>
							<Icon name="waiting" size={16} />
							<span class="visually-hidden">{PARTS.waiting}. </span>
						</Show>
						<bdi>{text()}</bdi>
					</span>
				</span>
				<span class="row-side">
					<Show when={time() > 0}>
						<span class="row-time">{formatWhen(time())}</span>
					</Show>
					<Show when={unread() > 0}>
						<span class="unread" data-testid="unread">
							{unread() > MAX_UNREAD ? `${MAX_UNREAD}+` : unread()}
							<span class="visually-hidden"> {WORDS.unread}</span>
						</span>
					</Show>
				</span>
			</button>
		</li>
	);
}
