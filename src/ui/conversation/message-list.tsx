import {
	createEffect,
	createMemo,
	createSignal,
	For,
	on,
	onCleanup,
	onMount,
	Show,
} from 'solid-js';
import type { MediaItem } from '../../chat/media-item.ts';
import type { MediaLibrary } from '../../chat/media-library.ts';
import type { Messenger } from '../../chat/messenger/messenger.ts';
import type { Timeline } from '../../chat/messenger/timeline.ts';
import { formatDay } from '../format.ts';
import { Icon } from '../icons/icon.tsx';
import { MessageBubble } from './message-bubble.tsx';

/** Pixels from an end at which more is paged in, and within which the list counts as at its end. */
const NEAR = 600;
const AT_END = 40;

/** What was said, a window of it: older and newer messages page in as one scrolls. */
export function MessageList(props: {
	messenger: Messenger;
	library: MediaLibrary;
	timeline: Timeline;
	onView: (item: MediaItem, src: string) => void;
}) {
	let list!: HTMLElement;
	const [isAtEnd, setAtEnd] = createSignal(true);
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
	const isFollowing = (index: number) => {
		const [before, message] = [messages()[index - 1], messages()[index]];
		if (before === undefined || message === undefined) return false;
		return before.isOwn === message.isOwn && message.time - before.time < 5 * 60_000;
	};
	const toEnd = () => list.scrollTo({ top: list.scrollHeight });
	const toNewest = async () => {
		if (state().hasNewer) await props.timeline.newest();
		toEnd();
	};
	const page = async (more: () => Promise<void>) => {
		// What one reads stays where it is while more comes in above it.
		const anchor = [...list.querySelectorAll<HTMLElement>('[data-key]')].find(
			(element) => element.getBoundingClientRect().bottom > list.getBoundingClientRect().top,
		);
		const key = anchor?.dataset['key'];
		const before = anchor?.getBoundingClientRect().top ?? 0;
		await more();
		const after = key && list.querySelector(`[data-key="${CSS.escape(key)}"]`);
		if (after) list.scrollTop += after.getBoundingClientRect().top - before;
	};
	const onScroll = () => {
		const fromEnd = list.scrollHeight - list.scrollTop - list.clientHeight;
		setAtEnd(fromEnd < AT_END && !state().hasNewer);
		if (list.scrollTop < NEAR && state().hasOlder) void page(() => props.timeline.older());
		else if (fromEnd < NEAR && state().hasNewer) void page(() => props.timeline.newer());
	};
	createEffect(
		on(
			() => messages().at(-1)?.key,
			() => {
				if (isAtEnd() || messages().at(-1)?.isOwn) toEnd();
			},
		),
	);
	onMount(() => {
		toEnd();
		const observer = new ResizeObserver(() => isAtEnd() && toEnd());
		observer.observe(list);
		onCleanup(() => observer.disconnect());
	});
	return (
		<div class="messages-frame">
			<section
				class="messages"
				ref={list}
				onScroll={onScroll}
				aria-label="Messages"
				data-testid="messages"
			>
				<div class="messages-start" />
				<Show when={state().loaded && messages().length === 0}>
					<p class="messages-empty">
						<Icon name="lock" size={28} />
						No messages yet. What you write here is end-to-end encrypted from the first message.
					</p>
				</Show>
				<ol class="message-rows" role="log" aria-live="polite">
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
								<MessageBubble
									message={message}
									messenger={props.messenger}
									library={props.library}
									follows={isFollowing(index())}
									onView={props.onView}
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
					aria-label="To the newest message"
					onClick={toNewest}
				>
					<Icon name="newest" size={22} />
				</button>
			</Show>
		</div>
	);
}
