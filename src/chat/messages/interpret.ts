import { parseMediaMessage } from '../../core/links/media-message.ts';
import { splitQuote } from '../../core/text/quote.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import type { Attachment } from '../model/attachment.ts';
import { guessKind } from '../model/media-kind.ts';
import type { EarlierText, Message, MessageFields } from '../model/message.ts';
import { shownText } from '../model/shown-text.ts';
import { senderOf } from './conversation-sender.ts';
import { givenNames, type Names } from './message-names.ts';

/**
 * Gives a message its meaning: the one place that reads a decrypted body. Live messages, carbons, the archive and what is
 * read from the disk all go through it.
 */
export function interpret(fields: MessageFields): Message {
	const { earlier } = fields;
	return {
		...fields,
		...(earlier === undefined ? {} : { earlier: earlier.map(interpretEarlier) }),
		attachment: attachmentOf(fields),
	};
}

/** An earlier text is read as if nothing had been answered with it: what it quoted is not known any more. */
function interpretEarlier(earlier: EarlierText): EarlierText {
	const { text, isEncrypted, time, device } = earlier;
	const attachment = attachmentOf({ text, isEncrypted });
	return {
		text,
		time,
		isEncrypted,
		...(device === undefined ? {} : { device }),
		...(attachment === undefined ? {} : { attachment }),
	};
}

/**
 * The file that a message is or leads to. Only what was encrypted can be one (XEP-0454 section 3), and it is decided on the
 * whole body.
 */
function attachmentOf(
	fields: Pick<MessageFields, 'isEncrypted' | 'text' | 'replyTo' | 'share'>,
): Attachment | undefined {
	const { isEncrypted, text, replyTo, share } = fields;
	if (share !== undefined) return { kind: 'upload', ...share, media: guessKind(share.name) };
	// Sent with a quote in front of it.
	if (!isEncrypted || replyTo?.isQuoted === true || text === undefined) return undefined;
	if (text.startsWith('aesgcm:')) {
		const file = storedFile(text);
		return file && { kind: 'file', ...file };
	}
	if (!text.startsWith('>')) return undefined;
	const file = storedFile(splitQuote(text).rest.trim());
	if (file === undefined) return undefined;
	return { kind: 'link', ...file, text: splitQuote(shownText(fields) ?? '').quote.trimEnd() };
}

function storedFile(body: string) {
	if (!body.startsWith('aesgcm:')) return undefined;
	const file = parseMediaMessage(body);
	if (file === undefined) return undefined;
	const { uri, thumbnail } = file;
	const { hostname: host, pathname } = uri.url;
	const [link = ''] = body.split('\n');
	return {
		uri: link,
		body,
		...(thumbnail === undefined ? {} : { thumbnail }),
		host,
		name: pathname.slice(pathname.lastIndexOf('/') + 1),
		media: guessKind(pathname),
	};
}

/** A message as its stanza says, without its text, kept under `key`. Without a name nobody can refer to it; here it needs one. */
export function fieldsOf(message: IncomingMessage, key: string): MessageFields {
	const { peer, isOwn, time, isMarkable, archiveId } = message;
	const names: Names = givenNames(message) ?? { id: archiveId ?? crypto.randomUUID() };
	return {
		key,
		peer,
		sender: senderOf(message),
		isOwn,
		id: names.id,
		...(names.originId === undefined ? {} : { originId: names.originId }),
		time,
		isEncrypted: message.encrypted !== undefined,
		...(isOwn ? { state: 'sent' as const } : {}),
		...(isMarkable ? { isMarkable } : {}),
		...(archiveId === undefined ? {} : { archiveId }),
	};
}
