import {
	createEffect,
	createMemo,
	createSignal,
	For,
	on,
	onCleanup,
	onMount,
	Show,
	untrack,
} from 'solid-js';
import type { ChatsArea, FilesArea, MessagesArea } from '../../chat/account/messenger-areas.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { Timeline } from '../../chat/messages/timeline.ts';
import { isFile } from '../../chat/model/attachment.ts';
import type { ChatMessage } from '../../chat/model/chat-message.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { formatDay } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { albumPlaces } from './album.ts';
import { opened } from './following.ts';
import { actionsOf } from './message-actions.ts';
import { MessageBubble } from './message-bubble.tsx';
import { doubtOf } from './message-doubt.ts';
import { makeScrollPlace, type ScrollPlace } from './scroll-place.ts';
import { makeSwipe } from './swipe.ts';
import type { TrustNow } from './trust-now.ts';
import { CHAT_WORDS } from './words.ts';
import './album.css';

/** Pixels from an end at which more is paged in. */
const NEAR = 600;

/** What was said, a window of it: older and newer messages page in as one scrolls. */
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
	onView: (message: ChatMessage) => void;
	/** messages that had not been read when it was opened */
	unread: number;
	/** a message to go to, each time it is another object */
	target?: { readonly key: string } | undefined;
	onMenu: (message: ChatMessage, anchor: HTMLElement) => void;
	onEdit: (message: ChatMessage) => void;
	onEarlier: (message: ChatMessage) => void;
	onReact: (message: ChatMessage, emojis: readonly string[]) => void;
	onReply: (message: ChatMessage) => void;
}) {
	let list!: HTMLElement;
	let rows!: HTMLOListElement;
	let scroll: ScrollPlace | undefined;
	const [isPaging, setPaging] = createSignal(false);
	const state = () => props.timeline.state;
	const messages = () => state().messages;
	const days = createMemo(() => {
		const first = new Map<string, string>();
		let before = '';
		for (const { key, time } of messages()) {
			const day = new Date(time).toDateString();
			if (day !== before) first.set(key, formatDay(time));
			before = day;
		}
		return first;
	});
	const isPicture = (message: ChatMessage) =>
		isFile(message) &&
		['image', 'video'].includes(message.attachment?.media ?? '') &&
		message.replyTo === undefined &&
		message.waitsFor === undefined &&
		doubtOf(message, props.trustNow) === undefined;
	const albums = createMemo(() => albumPlaces(messages(), isPicture));
	const isFollowing = (index: number) => {
		const [before, message] = [messages()[index - 1], messages()[index]];
		if (before === undefined || message === undefined) return false;
		return before.isOwn === message.isOwn && message.time - before.time < 5 * 60_000;
	};
	const unreadFrom = (count: number) => {
		const incoming = messages().filter(({ isOwn }) => !isOwn);
		return count === 0 ? undefined : (incoming.at(-count) ?? incoming[0])?.key;
	};
	// As it was when somebody came to look: what is read meanwhile stays below it.
	const [following, setFollowing] = createSignal(untrack(() => opened(unreadFrom(props.unread))));
	const isAtEnd = createMemo(() => following().isAtEnd);
	const wantedUnread = createMemo(() => following().firstUnread);
	const firstUnread = createMemo(() => {
		const wanted = wantedUnread();
		const [first] = messages();
		if (wanted === undefined || first === undefined || first.key > wanted) return undefined;
		// It may have been removed.
		return messages().find(({ key }) => key >= wanted)?.key;
	});
	const newest = createMemo(() => messages().at(-1)?.key ?? '');
	const conversation = () =>
		props.state.conversations.find(({ peer }) => peer === props.timeline.peer);
	/** what came below while somebody reads further up, and what had come before */
	const unread = () => conversation()?.unread ?? 0;
	const toNewest = async (kind: 'sent' | 'to-end') => {
		scroll?.happened({ kind });
		if (!state().hasNewer) return;
		await props.timeline.newest();
		scroll?.happened({ kind });
	};
	const page = async (more: () => Promise<void>) => {
		setPaging(true);
		await more().finally(() => setPaging(false));
		scroll?.settle();
	};
	const jump = async (key: string) => {
		if (scroll?.elementOf(key) === null) await props.timeline.around(key);
		const found = scroll?.elementOf(key);
		if (scroll === undefined || !found) return;
		found.scrollIntoView({ block: 'center' });
		scroll.happened({ kind: 'jumped', sight: scroll.sight(key) });
		found.classList.remove('jumped-to');
		// Begins anew where it has run before.
		requestAnimationFrame(() => found.classList.add('jumped-to'));
	};
	/** What does not fill the screen cannot be scrolled. */
	const fill = async () => {
		while (state().loaded && state().hasOlder && list.scrollHeight < list.clientHeight + NEAR) {
			const before = messages().length;
			await page(() => props.timeline.older());
			if (messages().length === before || !list.isConnected) return;
		}
	};
	const onScroll = () => {
		const below = list.scrollHeight - list.scrollTop - list.clientHeight;
		if (list.scrollTop < NEAR && state().hasOlder) void page(() => props.timeline.older());
		else if (below < NEAR && state().hasNewer) void page(() => props.timeline.newer());
	};
	createEffect(on(newest, () => scroll?.happened({ kind: 'received' }), { defer: true }));
	// The conversation knows of its last message, too, where somebody reads far above it.
	createEffect(
		on(
			createMemo(() => conversation()?.lastKey ?? ''),
			(key, before = '') => {
				const { lastIsOwn, lastDelivery } = conversation() ?? {};
				if (key <= before || lastIsOwn !== true || scroll === undefined) return;
				if (lastDelivery === 'waiting') void toNewest('sent');
				else scroll.happened({ kind: 'answered-elsewhere', sight: scroll.sight() });
			},
			{ defer: true },
		),
	);
	// It stands above the messages.
	createEffect(
		on(
			() => state().isSealedBefore,
			() => scroll?.settle(),
			{ defer: true },
		),
	);
	onMount(() => {
		scroll = makeScrollPlace({
			list,
			rows,
			following,
			setFollowing,
			hasNewer: () => state().hasNewer,
			onScroll,
		});
		onCleanup(scroll.end);
		scroll.settle();
		// What came while nobody looked is about to count as read.
		const onVisible = () => {
			const firstUnread = unreadFrom(unread());
			if (document.visibilityState !== 'visible' || firstUnread === undefined) return;
			scroll?.happened({ kind: 'returned', firstUnread });
		};
		// Before it does.
		document.addEventListener('visibilitychange', onVisible, { capture: true });
		onCleanup(() => document.removeEventListener('visibilitychange', onVisible, { capture: true }));
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
		void fill();
	});
	createEffect(
		on(
			() => props.target,
			(target) => target && void jump(target.key),
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
				// What is only paged in is no news.
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
								<Show when={days().get(message.key)}>
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
								<MessageBubble
									message={message}
									state={props.state}
									messages={props.messages}
									chats={props.chats}
									files={props.files}
									library={props.library}
									trustNow={props.trustNow}
									isPlaintext={props.isPlaintext}
									follows={isFollowing(index())}
									album={albums().get(message.key)}
									onView={props.onView}
									onMenu={(anchor) => props.onMenu(message, anchor)}
									onEdit={() => props.onEdit(message)}
									onEarlier={() => props.onEarlier(message)}
									onReact={(emojis) => props.onReact(message, emojis)}
									onJump={(key) => void jump(key)}
									onUnfold={() => scroll?.happened({ kind: 'unfolded', sight: scroll.sight() })}
								/>
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
					onClick={() => void toNewest('to-end')}
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
