import { previewOf } from '../model/attachment.ts';
import type { Message } from '../model/message.ts';
import { repeatedText } from '../model/shown-text.ts';
import type { OutgoingContent } from './outbox-entry.ts';
import type { Stores } from './stores.ts';

type Answer = NonNullable<Extract<OutgoingContent, { kind: 'text' }>['replyTo']>;

/** What answers a message: the text of an encrypted one is never said again in the clear. `account` is ours, bare. */
export function answerTo(to: Message, isEncrypted: boolean, account: string): Answer {
	const quoted = isEncrypted || !to.isEncrypted ? previewOf(to) : undefined;
	return { id: to.id, author: to.isOwn ? account : to.peer, quoted };
}

/**
 * What a message of ours answers, as it is said with each version of it: a correction takes the place of all (XEP-0308).
 * What is said again of it is what was: whatever has its name by now, nobody puts words into ours.
 */
export async function answeredBy(
	message: Message,
	{ stores, account }: { readonly stores: Pick<Stores, 'messages'>; readonly account: string },
): Promise<{ readonly replyTo?: Answer }> {
	const { peer, replyTo } = message;
	if (replyTo === undefined) return {};
	const { id, key, quoted = repeatedText(message) } = replyTo;
	const target = key === undefined ? undefined : await stores.messages.get(key);
	return { replyTo: { id, author: target?.isOwn === true ? account : peer, quoted } };
}

/** What a message of ours keeps of the one that it answers; `quoted` is said again in front of it. */
export function answering({ id, key }: Message, quoted: string | undefined) {
	return { id, key, isQuoted: true, ...(quoted === undefined ? {} : { quoted }) };
}

/** A text as it is kept of our own: what it answers is said in front of it, and not a part of it. */
export function ownText(message: Message, text: string) {
	const { isEncrypted, replyTo } = message;
	const repeated = repeatedText(message);
	if (replyTo === undefined || repeated === undefined) return { isEncrypted, text };
	const { folded: _, ...rest } = replyTo;
	return { isEncrypted, text, replyTo: { ...rest, isQuoted: true, quoted: repeated } };
}
