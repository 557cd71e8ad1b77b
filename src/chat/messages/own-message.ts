import type { ChatMessage } from '../model/chat-message.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import type { Stores } from './stores.ts';

/** A message of ours that waits to be sent, at the end of its conversation; encrypted unless it is told otherwise. */
export async function newMessage(
	stores: Pick<Stores, 'messages'>,
	peer: string,
	time: number,
	content: Partial<Pick<ChatMessage, 'text' | 'share' | 'isEncrypted' | 'replyTo'>> = {},
): Promise<ChatMessage> {
	return {
		key: await stores.messages.keyFor(peer, time),
		peer,
		isOwn: true,
		id: crypto.randomUUID(),
		time,
		isEncrypted: true,
		state: 'waiting',
		...content,
	};
}

/** What the outbox needs to say it. */
export function entryOf(
	{ key, peer, id, isEncrypted }: ChatMessage,
	text: string,
	more: Partial<Extract<OutboxEntry['content'], { kind: 'text' }>> = {},
): OutboxEntry {
	return { key, messageKey: key, peer, id, content: { kind: 'text', text, ...more }, isEncrypted };
}

/** Of a message that waits or has failed: it was never sent. A changed one was sent before its change. */
export function isUnseen({ isCorrected, isRetracted }: ChatMessage): boolean {
	return isCorrected !== true && isRetracted !== true;
}
