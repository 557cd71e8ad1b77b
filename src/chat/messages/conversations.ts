import type { SetStoreFunction } from 'solid-js/store';
import type { Mutex } from '../../core/async/mutex.ts';
import type { ChatWrite } from '../../vault/chat-rows.ts';
import type { Durability } from '../../vault/table.ts';
import { begunBy, withMessage, withoutFuture, withoutLast } from '../model/changed-conversation.ts';
import type { Conversation } from '../model/conversation.ts';
import { blank } from '../model/conversation.ts';
import type { Message, MessageFields } from '../model/message.ts';
import type { MessengerState } from '../model/messenger-state.ts';
import type { History } from './history.ts';
import { interpret } from './interpret.ts';
import { isUnread } from './is-unread.ts';
import { countRequests, hasRoomFor } from './request-limits.ts';
import { createSeenMessages } from './seen-messages.ts';
import { createShownConversations } from './shown-conversations.ts';
import type { Stores } from './stores.ts';
import { makeTimeline, type Timeline } from './timeline.ts';

/** The conversations of an account, in memory and in their stores, and the one that is looked at. */
export interface Conversations {
	load(): Promise<void>;
	find(peer: string): Conversation | undefined;
	/**
	 * Whether a message of somebody may be kept: of unknown people only so many, and of those who have no conversation yet only
	 * what begins one.
	 */
	takes(peer: string, isContent: boolean): boolean;
	/** Somebody is not unknown any more. */
	accept(peer: string): Promise<void>;
	/** Removes a conversation with all that is kept of it. */
	remove(peer: string): Promise<void>;
	timeline(): Timeline | undefined;
	/** Shows one of them, or none. */
	open(peer: string | undefined): Promise<void>;
	change(peer: string, change: (before: Conversation) => Conversation): Promise<void>;
	/**
	 * Keeps a message, and its conversation in step, together with `more`; and only then shows it: what was seen is still
	 * there after a reload. To be called in the messenger's turn.
	 */
	keep(
		message: MessageFields,
		isNew: boolean,
		more?: readonly ChatWrite[],
		durability?: Durability,
	): Promise<void>;
	/** Removes a message as if it had never been. To be called in the messenger's turn. */
	drop(message: Message, more?: readonly ChatWrite[]): Promise<void>;
	/** Our other device has read it. To be called in the messenger's turn. */
	readElsewhere(peer: string): Promise<void>;
	/** Somebody looks at the page, or not. */
	setVisible(visible: boolean): Promise<void>;
	/** The end of the one that is open is in sight, or not: it counts as read once somebody looks at that. */
	setAtEnd(isAtEnd: boolean): Promise<void>;
}

/** Returns undefined where there is nothing to be changed. */
type Edit = (before: Conversation) => Conversation | undefined;

export function createConversations({
	stores,
	serial,
	setState,
	history,
	isContact,
	displayed,
	accepted = () => undefined,
	contentGone = async () => undefined,
	now = Date.now,
}: {
	stores: Stores;
	/** what is read and written back is read and written by nobody else in between */
	serial: Mutex;
	setState: SetStoreFunction<MessengerState>;
	history: History;
	isContact(peer: string): boolean;
	/** Tells the sender that somebody has seen a message. */
	displayed(message: Message): void;
	/** Somebody unknown was accepted here, by word or by an answer. */
	accepted?: (peer: string) => void;
	/** Removes what a message was opened as, which is to be without content. Must not reject. */
	contentGone?: (message: Message) => Promise<void>;
	now?: () => number;
}): Conversations {
	const byPeer = new Map<string, Conversation>();
	const shown = createShownConversations(setState, now);
	let timeline: Timeline | undefined;
	let visible = true;
	let atEnd = false;
	/** on the disk, and still to be shown */
	let arrived: Message[] = [];

	function find(peer: string): Conversation | undefined {
		const conversation = byPeer.get(peer);
		return conversation && withoutFuture(conversation, now());
	}

	function put(conversation: Conversation): void {
		byPeer.set(conversation.peer, conversation);
		const { whenWritten } = stores.buffer;
		whenWritten(() => byPeer.has(conversation.peer) && shown.set(conversation));
		whenWritten(shown.show);
	}

	function change(peer: string, edit: Edit): Promise<void> {
		return serial(async () => {
			const after = edit(find(peer) ?? blank(peer));
			if (after === undefined) return;
			await stores.write([await stores.conversations.put(after)]);
			put(after);
		});
	}

	function showArrived(): void {
		const messages = arrived;
		arrived = [];
		timeline?.shown(messages.filter(({ peer }) => peer === timeline?.peer));
	}

	function takes(peer: string, isContent: boolean): boolean {
		if (byPeer.has(peer) || isContact(peer)) return true;
		return isContent && hasRoomFor(peer, countRequests(byPeer.values()));
	}

	const isSeen = (peer: string) => timeline?.peer === peer && visible && atEnd;
	const seen = createSeenMessages({
		isSeen,
		displayed,
		missed(peer, count) {
			// A chat that was removed meanwhile does not come back.
			const add = (before: Conversation) =>
				byPeer.has(peer) ? { ...before, unread: before.unread + count } : undefined;
			void change(peer, add)
				.then(look)
				.catch(() => undefined);
		},
	});

	async function look(): Promise<void> {
		const peer = timeline?.peer;
		if (peer === undefined || !isSeen(peer)) return;
		await serial(async () => {
			// Somebody may have looked away before its turn.
			if (isSeen(peer)) await markRead(peer, true);
		});
	}

	async function markRead(peer: string, tell: boolean, durability?: Durability): Promise<void> {
		const before = find(peer);
		if (before === undefined || before.unread === 0) return;
		const after = { ...before, unread: 0 };
		byPeer.set(peer, after);
		const known = shown.get(peer);
		// Before it is written, where somebody looks at it here.
		if (tell && known !== undefined) {
			shown.set({ ...known, unread: 0 });
			shown.show();
		} else put(after);
		await stores.write([await stores.conversations.put(after)], durability);
		// What was to be shown once it is on the disk may have been older.
		if (tell) put(after);
		// Unknown people do not learn that somebody is there.
		if (!tell || before.isRequest === true) return;
		const last = (await stores.messages.page(peer, { limit: 20 }))
			.filter(({ isOwn }) => !isOwn)
			.at(-1);
		if (last !== undefined) displayed(last);
	}

	return {
		async load() {
			for (const conversation of await stores.conversations.all()) {
				byPeer.set(conversation.peer, conversation);
				shown.set(conversation);
			}
			shown.show();
			setState('loaded', true);
		},
		find,
		takes,
		accept: (peer) =>
			serial(async () => {
				const before = find(peer);
				if (before?.isRequest !== true) return;
				const { isRequest: _, ...after } = before;
				await stores.write([await stores.conversations.put(after)]);
				put(after);
				accepted(peer);
			}),
		remove: (peer) =>
			serial(async () => {
				await stores.conversations.remove(peer);
				// That its messages were dealt with is kept: the archive must not bring them back.
				await stores.buffer.flush().catch(() => undefined);
				byPeer.delete(peer);
				shown.delete(peer);
				shown.show();
			}),
		timeline: () => timeline,
		async open(peer) {
			timeline = peer === undefined ? undefined : makeTimeline(stores, peer, history);
			atEnd = false;
			await timeline?.newest();
		},
		change,
		async keep(fields, isNew, more = [], durability = 'strict') {
			const message = interpret(fields);
			const { peer, isOwn } = message;
			const known = find(peer) ?? begunBy(message);
			const wasSeen = isSeen(peer);
			const isGone = !isNew && message.isRetracted === true;
			const { after, isChanged } = withMessage(known, message, {
				...{ isNew, isContact: isContact(peer), isSeen: wasSeen },
				isUnreadGone: isGone && (await isUnread(stores, known, message)),
				now: now(),
			});
			const conversation = isChanged ? [await stores.conversations.put(after)] : [];
			// First: a crash in between must not leave a file that nothing leads to.
			if (message.isRetracted === true) await contentGone(message);
			const writes = [...(await stores.messages.put(message)), ...conversation, ...more];
			await stores.write(writes, durability);
			const { whenWritten } = stores.buffer;
			whenWritten(() => arrived.push(message));
			whenWritten(showArrived);
			if (isChanged) put(after);
			if (known.isRequest === true && message.state === 'waiting')
				whenWritten(() => accepted(peer));
			// Unknown people do not learn that somebody is there.
			if (!isNew || !wasSeen || isOwn || after.isRequest === true) return;
			whenWritten(() => seen.add(message));
			whenWritten(seen.settle);
		},
		async drop(message, more = []) {
			const [last] = (await stores.messages.page(message.peer, { limit: 2 }))
				.filter(({ key }) => key !== message.key)
				.slice(-1);
			const after = withoutLast(find(message.peer) ?? begunBy(message), last);
			await stores.write([
				...(await stores.messages.remove(message)),
				await stores.conversations.put(after),
				...more,
			]);
			if (timeline?.peer === message.peer) timeline.dropped(message);
			put(after);
		},
		readElsewhere: (peer) => markRead(peer, false, 'relaxed'),
		setVisible(now) {
			visible = now;
			return look();
		},
		setAtEnd(now) {
			atEnd = now;
			return look();
		},
	};
}
