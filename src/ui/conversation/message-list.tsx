import { createEffect, createSignal, For, on, onCleanup, onMount, Show } from 'solid-js';
import type { ChatsArea, FilesArea, MessagesArea } from '../../chat/account/messenger-areas.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { Timeline } from '../../chat/messages/timeline.ts';
import type { Message } from '../../chat/model/message.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { Icon } from '../parts/icon.tsx';
import { createListScroll } from './list-scroll.ts';
import { actionsOf } from './message-actions.ts';
import { MessageBubble } from './message-bubble.tsx';
import { createMessageGroups } from './message-groups.ts';
import { makeSwipe } from './swipe.ts';
import type { TrustNow } from './trust-now.ts';
import { CHAT_WORDS } from './words.ts';
import './album.css';

/** The messages of a chat, a window of them: older and newer ones page in as one scrolls. */
export function MessageList(props: {
	state: MessengerState;
	messages: MessagesArea;
	chats: ChatsArea;
	files: FilesArea;
	library: MediaLibrary;
	trustNow: TrustNow;
	/** nothing is encrypted here by choice */
	isPlaintext: boolean;
	timeline: Timeline;
	onView: (message: Message) => void;
	/** messages that had not been read when it was opened */
	unread: number;
	/** a message to go to, each time it is another object */
	target?: { readonly key: string } | undefined;
	onMenu: (message: Message, anchor: HTMLElement) => void;
	onEdit: (message: Message) => void;
	onEarlier: (message: Message) => void;
	onReact: (message: Message, emojis: readonly string[]) => void;
	onReply: (message: Message) => void;
}) {
	let list!: HTMLElement;
	let rows!: HTMLOListElement;
	const state = () => props.timeline.state;
	const messages = () => state().messages;
	const groups = createMessageGroups(messages, () => props.trustNow);
	const scroll = createListScroll({
		timeline: () => props.timeline,
		conversation: () => props.state.conversations.find(({ peer }) => peer === props.timeline.peer),
		unreadBefore: () => props.unread,
		elements: () => ({ list, rows }),
	});
	/** the voice message that goes on where the one in front of it has ended */
	const [next, setNext] = createSignal<string>();
	const goOnBehind = (index: number) => {
		const behind = messages()[index + 1];
		if (behind?.attachment?.kind !== 'file' || behind.attachment.media !== 'audio') return;
		setNext(behind.key);
		// It has heard of it: whoever stops it is not to be told so again.
		setNext(undefined);
	};
	const { isAtEnd, isPaging, firstUnread, unread } = scroll;
	/** The name of a file is seen on the file. */
	const jump = async (key: string) => {
		await scroll.jump(key);
		const file = messages()[messages().findIndex((message) => message.key === key) - 1];
		if (file !== undefined && groups.isNaming(key)) await scroll.jump(file.key);
	};
	onMount(() => {
		const messageOf = (row: HTMLElement | null) =>
			messages().find(({ key }) => key === row?.dataset['key']);
		const rowOf = (target: Element) => {
			const row = target.closest<HTMLElement>('.message');
			const message = messageOf(row);
			return message && actionsOf(message).canAnswer ? row : null;
		};
		const reply = (row: HTMLElement) => {
			const message = messageOf(row);
			if (message !== undefined) props.onReply(message);
		};
		onCleanup(makeSwipe(list, rowOf, reply));
	});
	createEffect(
		on(
			() => props.target,
			(target) => target && jump(target.key),
		),
	);
	// After the list has found its place.
	createEffect(() => props.chats.setAtEnd(isAtEnd()));
	return (
		<div class="messages-frame">
			<section
				class="messages"
				data-scroll-area
				ref={list}
				role="log"
				aria-label={CHAT_WORDS.messages}
				// Messages that are only paged in are no news.
				aria-live={isPaging() ? 'off' : 'polite'}
				data-testid="messages"
			>
				<div class="messages-start" />
				<Show when={state().isSealedBefore}>
					<p class="messages-sealed" data-testid="sealed-before">
						<Icon name="lock" size={18} /> {CHAT_WORDS.sealedBefore}
					</p>
				</Show>
				<Show when={state().loaded && messages().length === 0 && !state().isSealedBefore}>
					<p class="messages-empty">
						<Icon name="lock" size={28} />
						{CHAT_WORDS.empty}
					</p>
				</Show>
				<ol ref={rows} class="message-rows">
					<For each={messages()}>
						{(message, index) => (
							<>
								<Show when={groups.dayOf(message.key)}>
									{(day) => (
										<li class="day">
											<span>{day()}</span>
										</li>
									)}
								</Show>
								<Show when={message.key === firstUnread()}>
									<li class="day unread-from" data-testid="unread-from">
										<span>{CHAT_WORDS.newMessages}</span>
									</li>
								</Show>
								<Show
									when={!groups.isNaming(message.key)}
									fallback={<li class="message-naming" data-key={message.key} aria-hidden="true" />}
								>
									<MessageBubble
										message={message}
										state={props.state}
										messages={props.messages}
										chats={props.chats}
										files={props.files}
										library={props.library}
										trustNow={props.trustNow}
										isPlaintext={props.isPlaintext}
										follows={groups.isFollowing(index())}
										album={groups.albumOf(message.key)}
										name={groups.nameOf(message.key)}
										followsOn={next() === message.key}
										onEnded={() => goOnBehind(index())}
										onView={props.onView}
										onMenu={(anchor) => props.onMenu(message, anchor)}
										onEdit={() => props.onEdit(message)}
										onEarlier={() => props.onEarlier(message)}
										onReact={(emojis) => props.onReact(message, emojis)}
										onJump={jump}
										onUnfold={scroll.unfolding}
									/>
								</Show>
							</>
						)}
					</For>
				</ol>
			</section>
			<Show when={!isAtEnd()}>
				<button
					type="button"
					class="icon-button to-newest"
					aria-label={CHAT_WORDS.toNewest(unread())}
					data-testid="to-newest"
					onClick={scroll.toNewest}
				>
					<Icon name="newest" size={22} />
					<Show when={unread() > 0}>
						<span class="unread">{unread()}</span>
					</Show>
				</button>
			</Show>
		</div>
	);
}
