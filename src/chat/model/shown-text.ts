import { unquoted } from '../../core/text/quote.ts';
import type { ChatMessage } from './chat-message.ts';

/** What a message says, without what it says again of the one that it answers. */
export function shownText({
	text,
	replyTo,
}: Pick<ChatMessage, 'text' | 'replyTo'>): string | undefined {
	return replyTo?.folded === undefined ? text : text?.slice(replyTo.folded).replace(/^\s*\n/u, '');
}

/** What a message says again of the one that it answers, in its sender's words; undefined for nothing. */
export function repeatedText({ text, replyTo }: ChatMessage): string | undefined {
	return replyTo?.folded === undefined ? undefined : unquoted(text?.slice(0, replyTo.folded) ?? '');
}
