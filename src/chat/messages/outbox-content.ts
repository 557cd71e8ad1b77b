import { withQuote } from '../../core/text/quote.ts';
import type { OutgoingMessage } from '../../xmpp/message.ts';
import type { OutboxEntry } from './outbox-entry.ts';

/** Splits an entry into the text, which may have to be encrypted, and the rest of its stanza. */
export function unencrypted({ id, peer: to, content }: OutboxEntry): {
	text?: string;
	bare: OutgoingMessage;
} {
	const common = { id, to, store: true };
	if (content.kind === 'reactions')
		return { bare: { ...common, reactions: { id: content.to, emojis: content.emojis } } };
	if (content.kind === 'retraction') return { bare: { ...common, retracts: content.of } };
	const { replyTo, replaces } = content;
	const quote = replyTo?.quoted === undefined ? undefined : withQuote(replyTo.quoted, content.text);
	return {
		text: quote?.text ?? content.text,
		bare: {
			...common,
			// Who got "is typing" before shows it for half a minute otherwise (XEP-0085 section 5.5).
			chatState: 'active',
			wantsReceipt: true,
			isMarkable: true,
			...(replaces === undefined ? {} : { replaces }),
			...(replyTo === undefined ? {} : { replyTo: { id: replyTo.id, author: replyTo.author } }),
			...(quote === undefined ? {} : { replyFallback: quote.length }),
		},
	};
}
