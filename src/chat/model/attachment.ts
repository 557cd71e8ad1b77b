import { domainOf } from '../../core/links/address.ts';
import { redactAesgcmUris } from '../../core/links/aesgcm-uri.ts';
import { type MediaMessage, parseMediaMessage } from '../../core/links/media-message.ts';
import { cutText } from '../../core/text/cut-text.ts';
import { splitQuote } from '../../core/text/quote.ts';
import { isTrusted } from '../../omemo/trust.ts';
import type { ChatMessage } from './chat-message.ts';
import { guessKind, type MediaKind } from './media-kind.ts';
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
	/** as it is written in its address */
	readonly name: string;
	/** what stands in front of it */
	readonly text: string;
}

/** The file that a message is, and nothing else (XEP-0454 section 5); undefined unless it was encrypted. */
export function fileIn({ isEncrypted, text, replyTo }: ChatMessage): MediaMessage | undefined {
	// Sent with a quote in front of it.
	if (!isEncrypted || replyTo?.isQuoted === true || !text?.startsWith('aesgcm:')) return undefined;
	return parseMediaMessage(text);
}

function fileUrl(message: ChatMessage): URL | undefined {
	return fileIn(message)?.uri.url;
}

/** The body that a message is opened by, if it is a file or links to one. */
export function linkOf(message: ChatMessage): string | undefined {
	const { isEncrypted, text, replyTo } = message;
	if (fileIn(message) !== undefined) return text;
	if (!isEncrypted || replyTo?.isQuoted === true || !text?.startsWith('>')) return undefined;
	const link = splitQuote(text).rest.trim();
	return link.startsWith('aesgcm:') && parseMediaMessage(link) ? link : undefined;
}

/** A message that quotes, and then is exactly one link to a file. */
export function linkedFileOf(message: ChatMessage): LinkedFile | undefined {
	const link = fileIn(message) === undefined ? linkOf(message) : undefined;
	const file = link === undefined ? undefined : parseMediaMessage(link);
	if (file === undefined) return undefined;
	const { quote } = splitQuote(shownText(message) ?? '');
	const { hostname: host, pathname } = file.uri.url;
	return { host, name: pathname.slice(pathname.lastIndexOf('/') + 1), text: quote.trimEnd() };
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
	const { device } = message;
	const isDoubtful = device !== undefined && !isTrusted(device.trust);
	// A device of ours that the server has added must not make this one fetch from anywhere.
	const isFromFriend = !isDoubtful && (message.isOwn || contacts[message.peer] !== undefined);
	const own =
		isWithin(host, domainOf(account)) || (upload !== undefined && isWithin(host, upload.jid));
	const theirs = contacts[message.peer] !== undefined && isWithin(host, domainOf(message.peer));
	return {
		host,
		name: pathname.slice(pathname.lastIndexOf('/') + 1),
		loadsByItself: isOurs(message) || ((own || theirs) && isFromFriend),
	};
}

/** Written here, or on a device of ours that was verified. */
function isOurs({ isOwn, device }: ChatMessage): boolean {
	return isOwn && (device === undefined || device.trust === 'verified');
}

const PREVIEWS: Record<MediaKind, string> = {
	image: 'Picture',
	audio: 'Voice message',
	video: 'Video',
	file: 'File',
	unknown: 'File',
};
const UNREADABLE: Partial<Record<string, string>> = {
	'unreadable:call': 'Call',
	'unreadable:invitation': 'Invitation to a group',
	'unreadable:file': 'File',
};
const PREVIEW_LENGTH = 120;

/** A message in a few words, as a list shows it: a file by its kind, an answer without what it quotes. */
export function previewOf(message: ChatMessage): string {
	const { text, isRetracted, share, problem } = message;
	if (isRetracted === true) return 'Message deleted';
	if (share !== undefined) return PREVIEWS[guessKind(share.name)];
	if (text === undefined) return UNREADABLE[problem ?? ''] ?? "Can't be read here";
	const link = linkOf(message);
	const file = link === undefined ? undefined : parseMediaMessage(link)?.uri.url;
	if (file !== undefined) return PREVIEWS[guessKind(file.pathname)];
	const shown = (shownText(message) ?? '').trimStart();
	// Some name what they answer in words alone: theirs are those behind it.
	const said = splitQuote(shown).rest.trimStart() || shown;
	// Before it is cut: of half a key nobody can tell that it is one.
	return cutText(redactAesgcmUris(said), PREVIEW_LENGTH);
}

/** A message as the list and a notification show it, where nothing else says whose word it is. */
export function lineOf(message: ChatMessage): string {
	const { device, isRetracted } = message;
	const isDoubtful = device !== undefined && !isTrusted(device.trust) && isRetracted !== true;
	return `${isDoubtful ? 'Unverified device: ' : ''}${previewOf(message)}`;
}

function isWithin(host: string, domain: string): boolean {
	return host === domain || host.endsWith(`.${domain}`);
}
