import type { SetStoreFunction } from 'solid-js/store';
import type { Mutex } from '../../core/mutex.ts';
import type { ChatWrite } from '../../vault/chat-rows.ts';
import type { Durability } from '../../vault/table.ts';
import type { ChatMessage, Conversation } from './chat-message.ts';
import type { History } from './history.ts';
import { previewOf } from './message-media.ts';
import type { MessageRows } from './message-rows.ts';
import type { MessengerState } from './messenger-state.ts';
import { makeTimeline, type Timeline } from './timeline.ts';

/** The conversations of an account, in memory and in their rows, and the one that is looked at. */
export interface Conversations {
	load(): Promise<void>;
	find(peer: string): Conversation | undefined;
	timeline(): Timeline | undefined;
	/** Shows one of them, or none. */
	open(peer: string | undefined): Promise<void>;
	change(peer: string, change: (before: Conversation) => Conversation): Promise<void>;
	/**
	 * Keeps a message, and its conversation in step, together with `more`; and only then shows it: what was seen is still
	 * there after a reload. To be called in the messenger's turn.
	 */
	keep(
		message: ChatMessage,
		isNew: boolean,
		more?: readonly ChatWrite[],
		durability?: Durability,
	): Promise<void>;
	/** Removes a message as if it had never been. To be called in the messenger's turn. */
	drop(message: ChatMessage, more?: readonly ChatWrite[]): Promise<void>;
	/** Our other device has read it. To be called in the messenger's turn. */
	readElsewhere(peer: string): Promise<void>;
	/** Somebody looks at the page, or not. */
	setVisible(visible: boolean): Promise<void>;
	/** The end of the one that is open is in sight, or not: it counts as read once somebody looks at that. */
	setAtEnd(isAtEnd: boolean): Promise<void>;
}

export function createConversations({
	rows,
	serial,
	state,
	setState,
	history,
	displayed,
}: {
	rows: MessageRows;
	/** what is read and written back is read and written by nobody else in between */
	serial: Mutex;
	state: MessengerState;
	setState: SetStoreFunction<MessengerState>;
	history: History;
	/** Tells the sender that somebody has seen a message. */
	displayed(message: ChatMessage): void;
}): Conversations {
	let timeline: Timeline | undefined;
	let visible = true;
	let atEnd = false;

	function find(peer: string): Conversation | undefined {
		return state.conversations.find((conversation) => conversation.peer === peer);
	}

	function put(conversation: Conversation): void {
		const others = state.conversations.filter(({ peer }) => peer !== conversation.peer);
		setState(
			'conversations',
			[...others, conversation].sort((a, b) => b.lastTime - a.lastTime),
		);
	}

	const isSeen = (peer: string) => timeline?.peer === peer && visible && atEnd;

	async function look(): Promise<void> {
		const peer = timeline?.peer;
		if (peer === undefined || !isSeen(peer)) return;
		await serial(async () => {
			// Somebody may have looked away before its turn.
			if (isSeen(peer)) await markRead(peer, true);
		});
	}

	async function markRead(peer: string, tell: boolean): Promise<void> {
		const before = find(peer);
		if (before === undefined || before.unread === 0) return;
		const after = { ...before, unread: 0 };
		put(after);
		await rows.write([await rows.putConversation(after)]);
		if (!tell) return;
		const last = (await rows.page(peer, { limit: 20 })).filter(({ isOwn }) => !isOwn).at(-1);
		if (last !== undefined) displayed(last);
	}

	return {
		async load() {
			const conversations = await rows.conversations();
			setState({
				conversations: conversations.sort((a, b) => b.lastTime - a.lastTime),
				loaded: true,
			});
		},
		find,
		timeline: () => timeline,
		async open(peer) {
			timeline = peer === undefined ? undefined : makeTimeline(rows, peer, history);
			atEnd = false;
			await timeline?.newest();
		},
		change: (peer, change) =>
			serial(async () => {
				const after = change(find(peer) ?? blank(peer));
				await rows.write([await rows.putConversation(after)]);
				put(after);
			}),
		async keep(message, isNew, more = [], durability = 'strict') {
			const before = find(message.peer) ?? blank(message.peer);
			const isLast = message.time >= before.lastTime;
			const seen = isSeen(message.peer);
			const counts = isNew && !message.isOwn && !seen;
			const last = {
				lastText: previewOf(message),
				lastTime: message.time,
				lastIsOwn: message.isOwn,
			};
			const after: Conversation = {
				...before,
				...(isLast ? last : {}),
				unread: before.unread + (counts ? 1 : 0),
			};
			const isChanged = isLast || counts;
			const conversation = isChanged ? [await rows.putConversation(after)] : [];
			const writes = [...(await rows.put(message)), ...conversation, ...more];
			await rows.write(writes, durability);
			if (timeline?.peer === message.peer) timeline.shown(message);
			if (isChanged) put(after);
			if (isNew && seen && !message.isOwn) displayed(message);
		},
		async drop(message, more = []) {
			const [last] = (await rows.page(message.peer, { limit: 2 }))
				.filter(({ key }) => key !== message.key)
				.slice(-1);
			const before = find(message.peer) ?? blank(message.peer);
			const { lastText: _, ...rest } = before;
			const after: Conversation = {
				...rest,
				...(last === undefined ? {} : { lastText: previewOf(last) }),
				lastTime: last?.time ?? before.lastTime,
				lastIsOwn: last?.isOwn ?? false,
			};
			await rows.write([...rows.remove(message), await rows.putConversation(after), ...more]);
			if (timeline?.peer === message.peer) timeline.dropped(message);
			put(after);
		},
		readElsewhere: (peer) => markRead(peer, false),
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

function blank(peer: string): Conversation {
	return { peer, lastTime: 0, lastIsOwn: false, unread: 0, draft: '', isPlaintext: false };
}
