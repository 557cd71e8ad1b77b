import { createEffect, createSignal, Match, onCleanup, Show, Switch, useContext } from 'solid-js';
import type { ChatsArea, FilesArea, MessagesArea } from '../../chat/account/messenger-areas.ts';
import { isUnseen } from '../../chat/messages/own-message.ts';
import type { Message } from '../../chat/model/message.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { AttemptContext } from '../message-file/attempt.ts';
import { createOnline } from '../parts/create-online.ts';
import { WORDS as PARTS } from '../parts/words.ts';
import { shareText } from '../share/share-text.ts';
import { focusConversation } from './focus-conversation.ts';
import { actionsOf } from './message-actions.ts';
import { problemText, waitingText } from './problem-text.ts';
import { DELIVERY_WORDS } from './words.ts';

/** Milliseconds that sending may take, with a connection, before a message says that it still waits. */
const SLOW = 5000;
/** Another try would end as this one did. */
const NO_RETRY = ['file-lost', 'file-changed', 'too-long', 'jid-malformed'];

interface DeliveryProps {
	message: Message;
	state: MessengerState;
	messages: MessagesArea;
	chats: ChatsArea;
	files: FilesArea;
	onEdit: () => void;
}

/** Below a message of ours that waits or was not sent: the reason, and what can be done. */
export function MessageDelivery(props: DeliveryProps) {
	const isOpen = () => props.message.state === 'waiting' || props.message.state === 'failed';
	return (
		<Show when={isOpen()}>
			<OpenDelivery {...props} />
		</Show>
	);
}

function OpenDelivery(props: DeliveryProps) {
	const attempt = useContext(AttemptContext);
	const message = () => props.message;
	const hasNetwork = createOnline();
	const isOnline = () => hasNetwork() && props.state.connection === 'online';
	// Files have a line of their own while they are uploaded.
	const isWaiting = () => message().state === 'waiting' && message().share === undefined;
	const [isSlow, setSlow] = createSignal(false);
	createEffect(() => {
		setSlow(false);
		if (!isWaiting() || !isOnline()) return;
		const timer = setTimeout(() => setSlow(true), SLOW);
		onCleanup(() => clearTimeout(timer));
	});
	const actions = () => actionsOf(message());
	/** One that says so is enough, best the one that says why: those behind it wait for the same. */
	const isBehind = () => {
		const messages = props.chats.timeline()?.state.messages ?? [];
		const waiting = messages.filter(
			({ state, share }) => state === 'waiting' && share === undefined,
		);
		const first = waiting.find(({ waitsFor }) => waitsFor !== undefined) ?? waiting[0];
		return first?.key !== message().key;
	};
	const button = (text: string, testid: string, work: () => void) => (
		<button
			type="button"
			class="notice-button"
			data-testid={testid}
			onClick={() => {
				// It goes, and what is focused with it.
				focusConversation();
				work();
			}}
		>
			{text}
		</button>
	);
	const editButton = () => (
		<Show when={actions().canEdit}>
			{button(DELIVERY_WORDS.edit, 'edit-waiting', () => props.onEdit())}
		</Show>
	);
	const retry = () => {
		const { files, messages } = props;
		void attempt(message().share ? files.retryShare(message()) : messages.retry(message()));
	};
	const subject = () => {
		if (message().isRetracted) return DELIVERY_WORDS.notDeletedYet;
		return message().isCorrected ? DELIVERY_WORDS.notEditedYet : '';
	};
	const problem = () => message().problem ?? '';
	/** while it is a file, and not yet the message that says where it lies */
	const why = () => {
		const { share, problemDetail } = message();
		return (share && shareText(problem(), problemDetail)) ?? problemText(problem());
	};
	return (
		<Switch>
			<Match when={isWaiting() && (message().waitsFor !== undefined || (isSlow() && !isBehind()))}>
				<div class="message-delivery waiting" data-testid="waiting-line">
					<p>
						{subject()}
						{waitingText(message().waitsFor)}
					</p>
					<p class="message-buttons">
						<Show when={isOnline()}>{button(DELIVERY_WORDS.tryNow, 'try-now', retry)}</Show>
						{editButton()}
						{button(
							PARTS.cancel,
							'cancel-message',
							() => void attempt(props.messages.cancel(message())),
						)}
					</p>
				</div>
			</Match>
			<Match when={message().state === 'failed'}>
				<div class="message-delivery failed" role="alert" data-testid="failed-line">
					<p>
						{subject()}
						{why()}
					</p>
					<p class="message-buttons">
						<Show when={!NO_RETRY.includes(problem())}>
							{button(PARTS.retry, 'retry-message', retry)}
						</Show>
						{editButton()}
						<Show
							when={message().share}
							fallback={
								// A changed message was read as it was before.
								<Show when={isUnseen(message())}>
									{button(PARTS.remove, 'discard-message', () => {
										void attempt(props.messages.discard(message()));
									})}
								</Show>
							}
						>
							{button(
								PARTS.remove,
								'cancel-share',
								() => void attempt(props.files.cancelShare(message())),
							)}
						</Show>
					</p>
				</div>
			</Match>
		</Switch>
	);
}
