import { unquoted } from '../../core/text/quote.ts';
import type { Message } from './message.ts';

/** The text of a message without the quote of the message that it answers. */
export function shownText({
	text,
	replyTo,
}: Pick<Message, 'text' | 'replyTo'>): string | undefined {
	return replyTo?.folded === undefined ? text : text?.slice(replyTo.folded).replace(/^\s*\n/u, '');
}

/** The quote of the answered message, as its sender wrote it; undefined without one. */
export function repeatedText({ text, replyTo }: Message): string | undefined {
	return replyTo?.folded === undefined ? undefined : unquoted(text?.slice(0, replyTo.folded) ?? '');
}
