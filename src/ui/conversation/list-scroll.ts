import {
	type Accessor,
	createEffect,
	createMemo,
	createSignal,
	on,
	onCleanup,
	onMount,
	untrack,
} from 'solid-js';
import type { Timeline } from '../../chat/messages/timeline.ts';
import type { Conversation } from '../../chat/model/conversation.ts';
import { opened } from './following.ts';
import { makeScrollPlace, type ScrollPlace } from './scroll-place.ts';

/** Pixels from an end at which more is paged in. */
const NEAR = 600;

/** Where a list of messages stands, and what moves it. */
export interface ListScroll {
	readonly isAtEnd: Accessor<boolean>;
	/** Older or newer messages are being loaded. */
	readonly isPaging: Accessor<boolean>;
	/** the key of the message that the divider stands above */
	readonly firstUnread: Accessor<string | undefined>;
	/** how many came below while somebody reads further up, and how many had come before */
	readonly unread: Accessor<number>;
	toNewest(): void;
	/** Goes to a message, which is loaded if it is not there. */
	jump(key: string): void;
	/** A message is about to grow, because somebody wants to read all of it. */
	unfolding(): void;
}

/** Pages messages in as one scrolls, and keeps the list where `following` says. */
export function createListScroll({
	timeline,
	conversation,
	unreadBefore,
	elements,
}: {
	timeline: Accessor<Timeline>;
	conversation: Accessor<Conversation | undefined>;
	/** messages that had not been read when the list was opened */
	unreadBefore: Accessor<number>;
	/** once they are there */
	elements: () => { list: HTMLElement; rows: HTMLElement };
}): ListScroll {
	let scroll: ScrollPlace | undefined;
	const [isPaging, setPaging] = createSignal(false);
	const state = () => timeline().state;
	const messages = () => state().messages;
	const unread = () => conversation()?.unread ?? 0;
	const unreadFrom = (count: number) => {
		// What was taken back does not count.
		const incoming = messages().filter(({ isOwn, isRetracted }) => !isOwn && !isRetracted);
		return count === 0 ? undefined : (incoming.at(-count) ?? incoming[0])?.key;
	};
	// As it was when somebody came to look: what is read meanwhile stays below it.
	const [following, setFollowing] = createSignal(untrack(() => opened(unreadFrom(unreadBefore()))));
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
	const toNewest = async (kind: 'sent' | 'to-end') => {
		scroll?.happened({ kind });
		if (!state().hasNewer) return;
		await timeline().newest();
		scroll?.happened({ kind });
	};
	const page = async (more: () => Promise<void>) => {
		setPaging(true);
		await more().finally(() => setPaging(false));
		scroll?.settle();
	};
	const jump = async (key: string) => {
		if (scroll?.elementOf(key) === null) await timeline().around(key);
		const found = scroll?.elementOf(key);
		if (scroll === undefined || !found) return;
		found.scrollIntoView({ block: 'center' });
		scroll.happened({ kind: 'jumped', sight: scroll.sight(key) });
		found.classList.remove('jumped-to');
		// Begins anew where it has run before.
		requestAnimationFrame(() => found.classList.add('jumped-to'));
	};
	/** Loads more until the screen is full: a list that is shorter cannot be scrolled. */
	const fill = async (list: HTMLElement) => {
		while (state().loaded && state().hasOlder && list.scrollHeight < list.clientHeight + NEAR) {
			const before = messages().length;
			await page(() => timeline().older());
			if (messages().length === before || !list.isConnected) return;
		}
	};
	const pageNear = (list: HTMLElement) => {
		const below = list.scrollHeight - list.scrollTop - list.clientHeight;
		if (list.scrollTop < NEAR && state().hasOlder) void page(() => timeline().older());
		else if (below < NEAR && state().hasNewer) void page(() => timeline().newer());
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
		const { list, rows } = elements();
		scroll = makeScrollPlace({
			list,
			rows,
			following,
			setFollowing,
			hasNewer: () => state().hasNewer,
			onScroll: () => pageNear(list),
		});
		onCleanup(scroll.end);
		scroll.settle();
		// Messages that came while nobody looked are about to count as read.
		const onVisible = () => {
			const from = unreadFrom(unread());
			if (document.visibilityState !== 'visible' || from === undefined) return;
			scroll?.happened({ kind: 'returned', firstUnread: from });
		};
		// Before it does.
		document.addEventListener('visibilitychange', onVisible, { capture: true });
		onCleanup(() => document.removeEventListener('visibilitychange', onVisible, { capture: true }));
		void fill(list);
	});
	return {
		isAtEnd,
		isPaging,
		firstUnread,
		unread,
		toNewest: () => void toNewest('to-end'),
		jump: (key) => void jump(key),
		unfolding: () => scroll?.happened({ kind: 'unfolded', sight: scroll.sight() }),
	};
}
