import type { Message } from '../model/message.ts';

/** New messages of others in the conversation that is looked at, from when they are on the disk until it is settled who saw them. */
export interface SeenMessages {
	add(message: Message): void;
	/** Of many at once the last one says it of all. */
	settle(): void;
}

export function createSeenMessages({
	isSeen,
	displayed,
	missed,
}: {
	/** somebody looks at the end of this conversation */
	isSeen(peer: string): boolean;
	/** Tells the sender that somebody has seen a message. */
	displayed(message: Message): void;
	/** Somebody has looked away before these could be shown. */
	missed(peer: string, count: number): void;
}): SeenMessages {
	const waiting = new Map<string, { last: Message; count: number }>();
	return {
		add(message) {
			const { last, count = 0 } = waiting.get(message.peer) ?? {};
			const isLast = message.isMarkable === true || last?.isMarkable !== true;
			waiting.set(message.peer, { last: isLast ? message : last, count: count + 1 });
		},
		settle() {
			const all = [...waiting];
			waiting.clear();
			for (const [peer, { last, count }] of all)
				if (isSeen(peer)) displayed(last);
				else missed(peer, count);
		},
	};
}
