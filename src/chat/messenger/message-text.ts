import { withoutRange } from '../../core/quote.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import type { ChatMessage } from './chat-message.ts';

/** The text of a message, without what it says again of the one that it answers (XEP-0461 section 3). */
export function saidIn(
	{ replyTo: id, replyFallback }: IncomingMessage,
	whole: string,
): Pick<ChatMessage, 'replyTo'> & { readonly text: string } {
	if (id === undefined) return { text: whole };
	const text = replyFallback === undefined ? whole : withoutRange(whole, replyFallback);
	return { text, replyTo: { id, isQuoted: text !== whole } };
}
