import { domainOf } from '../../core/address.ts';
import { parseMediaMessage } from '../../core/media-message.ts';
import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import { guessKind, type MediaKind } from '../media-item.ts';
import type { ChatMessage } from './chat-message.ts';
import type { MessengerState } from './messenger-state.ts';

/** A message that is a picture, a voice message or another file (XEP-0454 section 5). */
export interface MessageFile {
	readonly host: string;
	readonly name: string;
	/** it may be fetched without a word: a sender must not learn where and when somebody reads */
	readonly loadsByItself: boolean;
}

/** What people look for together: pictures and videos, voice messages, and all else. */
export type FileGroup = 'visual' | 'voice' | 'file';

/** Where a message's file is; undefined unless it was encrypted and is exactly that. */
function fileUrl({ isEncrypted, text, replyTo }: ChatMessage): URL | undefined {
	if (!isEncrypted || text === undefined) return undefined;
	// What says anything else besides is no file.
	if (replyTo?.isQuoted === true || !text.startsWith('aesgcm:')) return undefined;
	return parseMediaMessage(text)?.uri.url;
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
export function previewOf({ text, isEncrypted, isRetracted, share }: ChatMessage): string {
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
	/** Removes what it was opened as, and only then forgets that: a reload in between must not leave it behind. */
	remove(message: ChatMessage, remove: (id: string) => Promise<void>): Promise<void>;
}

export function createMessageMedia(rows: ChatRows): MessageMedia {
	const key = (message: ChatMessage) => `media\n${message.key}`;
	const opening = new Map<string, Promise<string>>();
	const idOf = async (message: ChatMessage) => {
		if (message.share !== undefined) return message.share.mediaId;
		const id = await rows.get(key(message));
		return typeof id === 'string' ? id : undefined;
	};
	return {
		idOf,
		put: (message, id) => rows.put(key(message), id),
		opened(message, open, isHere = () => true) {
			const rowKey = key(message);
			const work = async () => {
				const known = await idOf(message);
				if (known !== undefined && isHere(known)) return known;
				const id = await open();
				await rows.write([await rows.put(rowKey, id)]);
				return id;
			};
			const before = opening.get(rowKey);
			if (before !== undefined) return before;
			const opened = work().finally(() => opening.delete(rowKey));
			opening.set(rowKey, opened);
			return opened;
		},
		async remove(message, remove) {
			const rowKey = key(message);
			const id = await idOf(message);
			if (id === undefined) return;
			await remove(id);
			await rows.write([rows.remove(rowKey)]);
		},
	};
}

function isWithin(host: string, domain: string): boolean {
	return host === domain || host.endsWith(`.${domain}`);
}
