import { batch } from 'solid-js';
import type { SetStoreFunction } from 'solid-js/store';
import { withoutFuture } from '../model/changed-conversation.ts';
import type { Conversation } from '../model/conversation.ts';
import type { MessengerState } from '../model/messenger-state.ts';
import { countRequests, isFull } from './request-limits.ts';

/** The conversations as the list shows them: as they are on the disk. */
export interface ShownConversations {
	get(peer: string): Conversation | undefined;
	/** To be seen with the next `show`. */
	set(conversation: Conversation): void;
	delete(peer: string): void;
	show(): void;
}

export function createShownConversations(
	setState: SetStoreFunction<MessengerState>,
	now: () => number,
): ShownConversations {
	const byPeer = new Map<string, Conversation>();

	return {
		get: (peer) => byPeer.get(peer),
		set: (conversation) => void byPeer.set(conversation.peer, conversation),
		delete: (peer) => void byPeer.delete(peer),
		show() {
			for (const [peer, conversation] of byPeer)
				byPeer.set(peer, withoutFuture(conversation, now()));
			batch(() => {
				setState(
					'conversations',
					[...byPeer.values()].sort((a, b) => b.lastTime - a.lastTime),
				);
				setState('requestsFull', isFull(countRequests(byPeer.values())));
			});
		},
	};
}
