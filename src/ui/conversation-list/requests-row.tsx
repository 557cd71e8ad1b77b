import { Show } from 'solid-js';
import { Icon } from '../parts/icon.tsx';
import { WORDS as PARTS } from '../parts/words.ts';
import { REQUEST_WORDS } from './words.ts';
import './request-list.css';

/** Stands for all message requests among the chats. */
export function RequestsRow(props: {
	/** people */
	count: number;
	hasUnread: boolean;
	isStop: boolean;
	onFocus: () => void;
	onOpen: () => void;
}) {
	return (
		<li>
			<button
				type="button"
				class="row"
				classList={{ 'has-unread': props.hasUnread }}
				data-testid="requests"
				tabIndex={props.isStop ? 0 : -1}
				onFocus={() => props.onFocus()}
				onClick={() => props.onOpen()}
			>
				<span class="avatar requests-mark">
					<Icon name="conversation" size={22} />
				</span>
				<span class="row-main">
					<span class="row-name">{PARTS.messageRequests}</span>
					<span class="row-text">{REQUEST_WORDS.people(props.count)}</span>
				</span>
				<Show when={props.hasUnread}>
					<span class="unread-dot" data-testid="requests-unread">
						<span class="visually-hidden">{REQUEST_WORDS.unread}</span>
					</span>
				</Show>
			</button>
		</li>
	);
}
