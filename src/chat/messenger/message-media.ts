import { domainOf } from '../../core/address.ts';
import { fingerprint } from '../../core/fingerprint.ts';
import { parseMediaMessage } from '../../core/media-message.ts';
import { splitQuote } from '../../core/quote.ts';
import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import { guessKind, type MediaKind } from '../media-item.ts';
import type { ChatMessage } from './chat-message.ts';
import type { MessengerState } from './messenger-state.ts';
import { shownText } from './shown-text.ts';

/** A message that is a picture, a voice message or another file (XEP-0454 section 5). */
export interface MessageFile {
	readonly host: string;
	readonly name: string;
	/** it may be fetched without a word: a sender must not learn where and when somebody reads */
	readonly loadsByItself: boolean;
}

/** What people look for together: pictures and videos, voice messages, and all else. */
export type FileGroup = 'visual' | 'voice' | 'file';

/** A link to a file behind lines that quote: the text is shown, and the file opened when somebody asks for it. */
export interface LinkedFile {
	readonly host: string;
	/** what stands in front of it */
	readonly text: string;
}

/** The body of a message that is a file and nothing else (XEP-0454 section 5); undefined unless it was encrypted. */
function fileBody({ isEncrypted, text, replyTo }: ChatMessage): string | undefined {
	// Sent with a quote in front of it.
	if (!isEncrypted || text === undefined || replyTo?.isQuoted === true) return undefined;
	return parseMediaMessage(text) && text;
}

/** Where a message's file is; undefined unless it was encrypted and is exactly that. */
function fileUrl(message: ChatMessage): URL | undefined {
	const body = fileBody(message);
	return body === undefined ? undefined : parseMediaMessage(body)?.uri.url;
}

/** The body that a message is opened by, if it is a file or links to one. */
export function linkOf(message: ChatMessage): string | undefined {
	const { isEncrypted, text, replyTo } = message;
	const whole = fileBody(message);
	if (whole !== undefined || !isEncrypted || text === undefined) return whole;
	if (replyTo?.isQuoted === true) return undefined;
	const { quote, rest } = splitQuote(text);
	const link = rest.trim();
	return quote === '' || parseMediaMessage(link) === undefined ? undefined : link;
}

/** A message that quotes, and then is exactly one link to a file. */
export function linkedFileOf(message: ChatMessage): LinkedFile | undefined {
	const link = fileBody(message) === undefined ? linkOf(message) : undefined;
	const host = link && parseMediaMessage(link)?.uri.url.hostname;
	if (!host) return undefined;
	const shown = shownText(message) ?? '';
	return { host, text: splitQuote(shown).quote.trimEnd() };
}

/** What a file is called where it lies, as some clients name what they answer; undefined for what is no file. */
export function fileNameOf(message: ChatMessage): string | undefined {
	const name = fileUrl(message)?.pathname.split('/').at(-1);
	try {
		return name && decodeURIComponent(name);
	} catch {
		return name;
	}
}

/** What a message's file is by its name; undefined for what is no file. */
export function fileGroupOf(message: ChatMessage): FileGroup | undefined {
	const url = fileUrl(message);
	if (url === undefined) return undefined;
	const kind = guessKind(url.pathname);
	if (kind === 'image' || kind === 'video') return 'visual';
	return kind === 'audio' ? 'voice' : 'file';
}

/** What a message shares; undefined unless it was encrypted and is exactly that. */
export function fileOf(
	message: ChatMessage,
	{ account, contacts, upload }: Pick<MessengerState, 'account' | 'contacts' | 'upload'>,
): MessageFile | undefined {
	if (message.share !== undefined)
		return { host: '', name: message.share.name, loadsByItself: true };
	const uri = fileUrl(message);
	if (uri === undefined) return undefined;
	const { hostname: host, pathname } = uri;
	const own =
		isWithin(host, domainOf(account)) || (upload !== undefined && isWithin(host, upload.jid));
	const theirs = contacts[message.peer] !== undefined && isWithin(host, domainOf(message.peer));
	return {
		host,
		name: pathname.slice(pathname.lastIndexOf('/') + 1),
		loadsByItself: message.isOwn || ((own || theirs) && contacts[message.peer] !== undefined),
	};
}

const PREVIEWS: Record<MediaKind, string> = {
	image: 'Picture',
	audio: 'Voice message',
	video: 'Video',
	file: 'File',
	unknown: 'File',
};
const PREVIEW_LENGTH = 120;

/** A message in a few words, as a list shows it; a file by its kind. */
export function previewOf(message: ChatMessage): string {
	const { isEncrypted, isRetracted, share } = message;
	const text = shownText(message)?.trimStart();
	if (isRetracted === true) return 'Message deleted';
	if (share !== undefined) return PREVIEWS[guessKind(share.name)];
	if (text === undefined) return 'Cannot be read here';
	const uri = isEncrypted ? parseMediaMessage(text)?.uri : undefined;
	return uri === undefined ? text.slice(0, PREVIEW_LENGTH) : PREVIEWS[guessKind(uri.url.pathname)];
}

/** Which media item a message was opened as. */
export interface MessageMedia {
	idOf(message: ChatMessage): Promise<string | undefined>;
	/** From now on a message is that item. */
	put(message: ChatMessage, id: string): Promise<ChatWrite>;
	/**
	 * What it was opened as, or else is opened as now; once, however often it is asked for. What was removed from this device
	 * (`isHere`) is opened anew.
	 */
	opened(
		message: ChatMessage,
		open: () => Promise<string>,
		isHere?: (id: string) => boolean,
	): Promise<string>;
	/** Removes all that it was opened as, and only then forgets that: a reload in between must not leave it behind. */
	remove(message: ChatMessage, remove: (id: string) => Promise<void>): Promise<void>;
}

/** What a message was opened as, each link of it: a correction may be another one. */
type MediaRow = readonly { readonly id: string; readonly link: string }[];

export function createMessageMedia(rows: ChatRows): MessageMedia {
	const keyOf = (message: ChatMessage) => `media\n${message.key}`;
	const opening = new Map<string, Promise<string>>();
	const nameOf = (message: ChatMessage) => fingerprint(linkOf(message) ?? '');

	/** Old rows are one id, of the first text. */
	async function read(message: ChatMessage): Promise<MediaRow> {
		const row = await rows.get(keyOf(message));
		if (typeof row !== 'string') return (row as MediaRow | undefined) ?? [];
		const { text = message.text } = message.earlier?.[0] ?? {};
		return [{ id: row, link: nameOf({ ...message, ...(text === undefined ? {} : { text }) }) }];
	}

	async function idOf(message: ChatMessage): Promise<string | undefined> {
		if (message.share !== undefined) return message.share.mediaId;
		const name = nameOf(message);
		return (await read(message)).find(({ link }) => link === name)?.id;
	}

	async function put(message: ChatMessage, id: string): Promise<ChatWrite> {
		const link = nameOf(message);
		const others = (await read(message)).filter((other) => other.link !== link);
		return rows.put(keyOf(message), [...others, { id, link }]);
	}

	return {
		idOf,
		put,
		opened(message, open, isHere = () => true) {
			const name = `${keyOf(message)}\n${nameOf(message)}`;
			const work = async () => {
				const known = await idOf(message);
				if (known !== undefined && isHere(known)) return known;
				const id = await open();
				await rows.write([await put(message, id)]);
				return id;
			};
			const before = opening.get(name);
			if (before !== undefined) return before;
			const opened = work().finally(() => opening.delete(name));
			opening.set(name, opened);
			return opened;
		},
		async remove(message, remove) {
			const ids = (await read(message)).map(({ id }) => id);
			const shared = message.share?.mediaId;
			for (const id of new Set(shared === undefined ? ids : [...ids, shared])) await remove(id);
			if (ids.length > 0) await rows.write([rows.remove(keyOf(message))]);
		},
	};
}

function isWithin(host: string, domain: string): boolean {
	return host === domain || host.endsWith(`.${domain}`);
}
