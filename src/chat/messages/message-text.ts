import { hasEmoji } from '../../core/text/emoji.ts';
import { repeatedLength, splitQuote, withoutRange } from '../../core/text/quote.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import { fileNameOf, previewOf } from '../model/attachment.ts';
import type { Message } from '../model/message.ts';
import { shownText } from '../model/shown-text.ts';

/** The text of a message, and what it answers. */
export type Said = Pick<Message, 'replyTo'> & { readonly text: string };

/**
 * Reads the text of a message that answers another (XEP-0461 section 3). What stands outside of the encryption says nothing
 * of what was encrypted: of that, all is kept, and what only says `answered` again is marked. `answered` is the message
 * that it names, if it is here.
 */
export function saidIn(
	{
		replyTo: id,
		replyFallback,
		encrypted,
	}: Pick<IncomingMessage, 'replyTo' | 'replyFallback' | 'encrypted'>,
	whole: string,
	answered?: Message,
): Said {
	if (id === undefined) return { text: whole };
	if (encrypted === undefined) {
		const text = replyFallback === undefined ? whole : withoutRange(whole, replyFallback);
		const key = answered === undefined ? {} : { key: answered.key };
		return { text, replyTo: { id, isQuoted: text !== whole, ...key } };
	}
	if (answered === undefined) return { text: whole, replyTo: { id, isQuoted: false } };
	const folded = repeatedLength(whole, textsOf(answered));
	const fold = folded > 0 ? { folded } : {};
	return { text: whole, replyTo: { id, isQuoted: false, key: answered.key, ...fold } };
}

/**
 * The emoji of an encrypted text that is only there for clients that know no reactions, as Cheogram writes it: some of
 * `emojis`, behind a quote of what they are about, or of its first two lines. undefined for any other text. Emoji alone are
 * one, which anybody on the way could make a reaction to something else.
 */
export function reactionIn(
	text: string,
	emojis: readonly string[],
	target: Message,
): readonly string[] | undefined {
	const texts = textsOf(target);
	const length = repeatedLength(text, [...texts, ...texts.map(firstLines)]);
	const said = text.slice(length).split(/\s+/u).filter(Boolean);
	return length > 0 && said.every((one) => hasEmoji(emojis, one)) ? said : undefined;
}

function firstLines(text: string): string {
	return splitQuote(text).rest.trim().split('\n').slice(0, 2).join('\n');
}

/** What others may say again of a message: as it is, or was. */
function textsOf(message: Message): string[] {
	const { text, earlier = [], isRetracted, attachment } = message;
	if (isRetracted === true) return [];
	// Balcony's earlier word for a photo: there are answers that quote it.
	const former = attachment?.media === 'image' ? 'Picture' : undefined;
	const file = [previewOf(message), former, fileNameOf(message)];
	const all = [shownText(message), text, ...file, ...earlier.map((one) => one.text)];
	return [...new Set(all.filter((one) => one !== undefined))];
}
