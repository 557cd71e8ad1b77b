import type { OutboxEntry } from './outbox-entry.ts';

/** An entry of the outbox as it is kept in memory; a changed entry is another item. */
export interface QueueItem {
	readonly key: string;
	readonly id: string;
	readonly peer: string;
	readonly messageKey: string | undefined;
	/** it says nothing of the message itself */
	readonly isReaction: boolean;
	/** its stanza is being kept, or was: somebody may have it, whatever is decided now */
	hasLeft: boolean;
	/** taken back by its author: it must not be sent */
	isTaken: boolean;
}

/** The entries that wait in each conversation, oldest first. Order between conversations means nothing. */
export interface OutboxQueue {
	add(entry: OutboxEntry): void;
	remove(item: QueueItem): void;
	byId(id: string): QueueItem | undefined;
	/** A copy: it may change while somebody goes through it. */
	of(peer: string): readonly QueueItem[];
	ofMessage(peer: string, messageKey: string): readonly QueueItem[];
	peers(): readonly string[];
}

export function createOutboxQueue(): OutboxQueue {
	const byPeer = new Map<string, QueueItem[]>();
	const byId = new Map<string, QueueItem>();

	function remove(item: QueueItem): void {
		const rest = (byPeer.get(item.peer) ?? []).filter((other) => other !== item);
		if (rest.length === 0) byPeer.delete(item.peer);
		else byPeer.set(item.peer, rest);
		if (byId.get(item.id) === item) byId.delete(item.id);
	}

	return {
		add({ key, id, peer, messageKey, content, stanza }) {
			const before = byId.get(id);
			if (before !== undefined) remove(before);
			const item = {
				...{ key, id, peer, messageKey, isReaction: content.kind === 'reactions' },
				...{ hasLeft: stanza !== undefined, isTaken: false },
			};
			byId.set(id, item);
			const items = byPeer.get(peer) ?? [];
			// Nearly always the last place: keys sort by when they were given.
			const at = items.findLastIndex((other) => other.key < key) + 1;
			byPeer.set(peer, items.toSpliced(at, 0, item));
		},
		remove,
		byId: (id) => byId.get(id),
		of: (peer) => byPeer.get(peer) ?? [],
		ofMessage: (peer, messageKey) =>
			(byPeer.get(peer) ?? []).filter((item) => item.messageKey === messageKey),
		peers: () => [...byPeer.keys()],
	};
}
