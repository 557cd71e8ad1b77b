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
import { guessKind } from '../../chat/media-item.ts';
import type { MediaLibrary } from '../../chat/media-library.ts';
import type { ChatMessage } from '../../chat/messenger/chat-message.ts';
import { fileOf } from '../../chat/messenger/message-media.ts';
import type { Messenger } from '../../chat/messenger/messenger.ts';
import type { Timeline } from '../../chat/messenger/timeline.ts';
import { formatDay } from '../format.ts';
import { Icon } from '../icons/icon.tsx';
import { albumPlaces } from './album.ts';
import { actionsOf } from './message-actions.ts';
import { MessageBubble } from './message-bubble.tsx';
import { doubtOf } from './message-doubt.ts';
import { makeSwipe } from './swipe.ts';
import type { TrustNow } from './trust-now.ts';
import './album.css';

/** Pixels from an end at which more is paged in, and within which the list counts as at its end. */
const NEAR = 600;
const AT_END = 40;
/** Milliseconds after a touch, a key or a turn of the wheel in which a list scrolls because of it. */
const OWN_WAY = 500;

/** What was said, a window of it: older and newer messages page in as one scrolls. */
export function MessageList(props: {
	messenger: Messenger;
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
	const [isAtEnd, setAtEnd] = createSignal(true);
	/** where the list was, and how high, when it was last looked at */
	let lastTop = 0;
	let lastHeight = 0;
	/** when somebody last did something to scroll it */
	let ownWay = 0;
	/** nobody has scrolled yet: what has not been read stays in sight while files above it load */
	let isOpening = true;
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
	const isPicture = (message: ChatMessage) => {
		const file =
			message.replyTo === undefined &&
			message.waitsFor === undefined &&
			doubtOf(message, props.trustNow) === undefined
				? fileOf(message, props.messenger.state)
				: undefined;
		return file !== undefined && ['image', 'video'].includes(guessKind(file.name));
	};
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
	const [firstUnread, setFirstUnread] = createSignal(untrack(() => unreadFrom(props.unread)));
	const newest = () => messages().at(-1)?.key ?? '';
	/** what came below while somebody reads further up, and what had come before */
	const unread = () => {
		const { conversations } = props.messenger.state;
		return conversations.find(({ peer }) => peer === props.timeline.peer)?.unread ?? 0;
	};
	const note = () => {
		lastTop = list.scrollTop;
		lastHeight = list.scrollHeight;
	};
	const toEnd = () => {
		list.scrollTo({ top: list.scrollHeight });
		note();
	};
	const toNewest = async () => {
		isOpening = false;
		if (state().hasNewer) await props.timeline.newest();
		toEnd();
	};
	const fromEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight;
	const look = () => {
		// What has grown meanwhile, or was shorter in between, is not what somebody scrolled away from.
		const hasChanged = list.scrollHeight !== lastHeight && performance.now() > ownWay + OWN_WAY;
		const isHeld = isAtEnd() && (list.scrollTop >= lastTop || hasChanged);
		note();
		setAtEnd((isHeld || fromEnd() < AT_END) && !state().hasNewer);
	};
	const page = async (more: () => Promise<void>) => {
		// What one reads stays where it is while more comes in above it.
		const anchor = [...list.querySelectorAll<HTMLElement>('[data-key]')].find(
			(element) => element.getBoundingClientRect().bottom > list.getBoundingClientRect().top,
		);
		const key = anchor?.dataset['key'];
		const before = anchor?.getBoundingClientRect().top ?? 0;
		setPaging(true);
		await more().finally(() => setPaging(false));
		const after = key === undefined ? null : elementOf(key);
		if (isAtEnd()) toEnd();
		else if (after) list.scrollTop += after.getBoundingClientRect().top - before;
		look();
	};
	const elementOf = (key: string) =>
		list.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
	const jump = async (key: string) => {
		isOpening = false;
		if (elementOf(key) === null) {
			setAtEnd(false);
			await props.timeline.around(key);
		}
		const found = elementOf(key);
		found?.scrollIntoView({ block: 'center' });
		found?.classList.remove('jumped-to');
		// Begins anew where it has run before.
		requestAnimationFrame(() => found?.classList.add('jumped-to'));
	};
	createEffect(
		on(
			() => props.target,
			(target) => target && void jump(target.key),
		),
	);
	/** What does not fill the screen cannot be scrolled. */
	const fill = async () => {
		while (state().loaded && state().hasOlder && list.scrollHeight < list.clientHeight + NEAR) {
			const before = messages().length;
			await page(() => props.timeline.older());
			if (messages().length === before || !list.isConnected) return;
		}
	};
	const onScroll = () => {
		look();
		if (list.scrollTop < NEAR && state().hasOlder) void page(() => props.timeline.older());
		else if (fromEnd() < NEAR && state().hasNewer) void page(() => props.timeline.newer());
	};
	createEffect(
		on(
			newest,
			() => {
				if (isAtEnd() || messages().at(-1)?.isOwn) toEnd();
			},
			{ defer: true },
		),
	);
	onMount(() => {
		toEnd();
		const toUnread = () => {
			const divider = list.querySelector('.unread-from');
			const below =
				rows.getBoundingClientRect().bottom - (divider?.getBoundingClientRect().top ?? 0);
			if (divider === null || below < list.clientHeight) return;
			setAtEnd(false);
			divider.scrollIntoView();
			note();
		};
		toUnread();
		// What came while nobody looked is about to count as read.
		const onVisible = () => {
			if (document.visibilityState !== 'visible' || unread() === 0 || !isAtEnd()) return;
			setFirstUnread(unreadFrom(unread()));
			toUnread();
		};
		// Before it does.
		document.addEventListener('visibilitychange', onVisible, { capture: true });
		onCleanup(() => document.removeEventListener('visibilitychange', onVisible, { capture: true }));
		const onOwnWay = () => {
			isOpening = false;
			ownWay = performance.now();
		};
		for (const kind of ['wheel', 'touchmove', 'pointerdown', 'keydown'])
			list.addEventListener(kind, onOwnWay, { passive: true });
		const observer = new ResizeObserver(() => {
			if (isOpening) toUnread();
			if (isAtEnd()) toEnd();
		});
		observer.observe(list);
		observer.observe(rows);
		onCleanup(() => observer.disconnect());
		const messageOf = (row: HTMLElement | null) =>
			messages().find(({ key }) => key === row?.dataset['key']);
		const rowOf = (target: Element) => {
			const row = target.closest<HTMLElement>('.message');
			const message = messageOf(row);
			return message && actionsOf(message, false).canAnswer ? row : null;
		};
		const reply = (row: HTMLElement) => {
			const message = messageOf(row);
			if (message !== undefined) props.onReply(message);
		};
		onCleanup(makeSwipe(list, rowOf, reply));
		void fill();
	});
	// After the list has found its place.
	createEffect(() => props.messenger.setAtEnd(isAtEnd()));
	return (
		<div class="messages-frame">
			<section
				class="messages"
				ref={list}
				onScroll={onScroll}
				role="log"
				aria-label="Messages"
				// What is only paged in is no news.
				aria-live={isPaging() ? 'off' : 'polite'}
				data-testid="messages"
			>
				<div class="messages-start" />
				<Show when={state().isSealedBefore}>
					<p class="messages-sealed" data-testid="sealed-before">
						<Icon name="lock" size={18} /> What was encrypted before this device was set up can be
						read on your other devices.
					</p>
				</Show>
				<Show when={state().loaded && messages().length === 0 && !state().isSealedBefore}>
					<p class="messages-empty">
						<Icon name="lock" size={28} />
						No messages yet. What you write here is end-to-end encrypted from the first message.
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
								<Show when={message.key === firstUnread() && messages().at(-1)?.isOwn === false}>
									<li class="day unread-from" data-testid="unread-from">
										<span>New messages</span>
									</li>
								</Show>
								<MessageBubble
									message={message}
									messenger={props.messenger}
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
									onUnfold={() => setAtEnd(false)}
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
					aria-label={`To the newest message${unread() > 0 ? `, ${unread()} new` : ''}`}
					data-testid="to-newest"
					onClick={toNewest}
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
