import { Show } from 'solid-js';
import type { MessengerState } from '../../chat/account/messenger.ts';
import type { Message } from '../../chat/model/message.ts';
import { messageLeftOutText } from '../contact/left-out-text.ts';
import { nameOf } from '../parts/name-of.ts';

/** Says in the menu of a message that it was not encrypted for some devices. */
export function MessageLeftOut(props: { message: Message; state: MessengerState }) {
	const words = () => {
		const { leftOut = [], isRetracted } = props.message;
		if (leftOut.length === 0 || isRetracted === true) return undefined;
		const own = leftOut.filter(({ jid }) => jid === props.state.account).length;
		return messageLeftOutText(leftOut.length - own, own);
	};
	return (
		<Show when={words()} keyed>
			{([before, after]) => (
				<p class="menu-note" data-testid="message-left-out">
					{before}
					<Show when={after}>
						<bdi>{nameOf(props.state, props.message.peer)}</bdi>
						{after}
					</Show>
				</p>
			)}
		</Show>
	);
}
