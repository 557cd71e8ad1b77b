import type { Message, MessageFields } from '../model/message.ts';
import { accountSender } from '../model/sender.ts';
import { interpret } from './interpret.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import type { Stores } from './stores.ts';

/** A message of ours that waits to be sent, at the end of its conversation; encrypted unless it is told otherwise. */
export async function newMessage(
	{ stores, account }: { readonly stores: Pick<Stores, 'messages'>; readonly account: string },
	peer: string,
	time: number,
	content: Partial<Pick<MessageFields, 'text' | 'share' | 'isEncrypted' | 'replyTo'>> = {},
): Promise<Message> {
	return interpret({
		key: await stores.messages.keyFor(peer, time),
		peer,
		sender: accountSender(account),
		isOwn: true,
		id: crypto.randomUUID(),
		time,
		isEncrypted: true,
		state: 'waiting',
		...content,
	});
}

/** The outbox entry that sends it. */
export function entryOf(
	{ key, peer, id, isEncrypted }: MessageFields,
	text: string,
	more: Partial<Extract<OutboxEntry['content'], { kind: 'text' }>> = {},
): OutboxEntry {
	return { key, messageKey: key, peer, id, content: { kind: 'text', text, ...more }, isEncrypted };
}

/** Of a message that waits or has failed: it was never sent. A changed one was sent before its change. */
export function isUnseen({ isCorrected, isRetracted }: MessageFields): boolean {
	return isCorrected !== true && isRetracted !== true;
}
