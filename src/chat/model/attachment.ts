import { redactAesgcmUris } from '../../core/links/aesgcm-uri.ts';
import { cutText } from '../../core/text/cut-text.ts';
import { splitQuote } from '../../core/text/quote.ts';
import { isTrusted } from '../../omemo/trust.ts';
import type { MediaKind } from './media-kind.ts';
import type { Message } from './message.ts';
import { shownText } from './shown-text.ts';

/** An encrypted file that lies at a host (XEP-0454). */
interface StoredFile {
	/** the `aesgcm:` URI; with its key */
	readonly uri: string;
	/** the part of the body that is the link, with what belongs to it: a message's files are told apart by it */
	readonly body: string;
	/** a data URI that the sender gave */
	readonly thumbnail?: string;
	readonly host: string;
	/** the last part of its address, as it is written there */
	readonly name: string;
	/** by its name */
	readonly media: MediaKind;
}

/** A message that is a file and nothing else (XEP-0454 section 5). */
export interface FileAttachment extends StoredFile {
	readonly kind: 'file';
}

/** A link to a file behind lines that quote: the text is shown, and the file opened when somebody asks for it. */
export interface LinkAttachment extends StoredFile {
	readonly kind: 'link';
	/** the quote that stands in front of it */
	readonly text: string;
}

/** A file of ours that is not uploaded yet. */
export interface UploadAttachment {
	readonly kind: 'upload';
	readonly mediaId: string;
	/** what it was called when it was chosen */
	readonly name: string;
	/** bytes */
	readonly size: number;
	/** by its name */
	readonly media: MediaKind;
}

/** The file that a message is, or leads to. */
export type Attachment = FileAttachment | LinkAttachment | UploadAttachment;

/** Files that the media page shows together: pictures and videos, voice messages, all others. */
export type FileGroup = 'visual' | 'voice' | 'file';

/** Whether a message is a file, here or still on its way, and no text. */
export function isFile({ attachment }: Pick<Message, 'attachment'>): boolean {
	return attachment !== undefined && attachment.kind !== 'link';
}

/** The name of a file at its host, which some clients quote when they answer it; undefined for a message that is no file. */
export function fileNameOf({ attachment }: Message): string | undefined {
	if (attachment?.kind !== 'file') return undefined;
	try {
		return attachment.name && decodeURIComponent(attachment.name);
	} catch {
		return attachment.name;
	}
}

/** The group of a file that lies at a host; undefined for what is no file. */
export function fileGroupOf({ attachment }: Pick<Message, 'attachment'>): FileGroup | undefined {
	if (attachment?.kind !== 'file') return undefined;
	const { media } = attachment;
	if (media === 'image' || media === 'video') return 'visual';
	return media === 'audio' ? 'voice' : 'file';
}

const PREVIEWS: Record<MediaKind, string> = {
	image: 'Photo',
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
export function previewOf(message: Message): string {
	const { text, isRetracted, attachment, problem } = message;
	if (isRetracted === true) return 'Message deleted';
	if (attachment !== undefined) return PREVIEWS[attachment.media];
	if (text === undefined) return UNREADABLE[problem ?? ''] ?? "Can't be read here";
	const shown = (shownText(message) ?? '').trimStart();
	// Some name what they answer in words alone: theirs are those behind it.
	const said = splitQuote(shown).rest.trimStart() || shown;
	// Before it is cut: of half a key nobody can tell that it is one.
	return cutText(redactAesgcmUris(said), PREVIEW_LENGTH);
}

/** A message as the list and a notification show it, where nothing else says whose word it is. */
export function lineOf(message: Message): string {
	const { device, isRetracted } = message;
	const isDoubtful = device !== undefined && !isTrusted(device.trust) && isRetracted !== true;
	return `${isDoubtful ? 'Unverified device: ' : ''}${previewOf(message)}`;
}
