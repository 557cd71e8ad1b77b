import { cleanFileName, extensionOf } from '../../core/text/file-name.ts';
import { guessKind } from './media-kind.ts';
import type { Message } from './message.ts';
import { senderId } from './sender.ts';

/** Milliseconds within which a text that follows a file may name it. */
const APART = 5 * 60_000;
/** UTF-16 code units of the longest text that is taken for a name; longer than any file system allows. */
const MAX_LENGTH = 255;

/** Whether a file is a document: no photo, video or voice message, which say what they are without a name. */
export function isDocument(name: string): boolean {
	return guessKind(name) === 'unknown';
}

/**
 * The name that the message right behind a document gives it, or undefined if that is a message like any other. OMEMO 0.3
 * has no other place for a name, and the address of a file tells its server none: so it is said, in a line of its own that ends
 * in the same extension. Only a word of whoever sent the file, encrypted from the same device, is taken for one.
 */
export function nameGivenBy(file: Message, next: Message | undefined): string | undefined {
	const { attachment } = file;
	if (next === undefined || attachment === undefined || attachment.kind === 'link')
		return undefined;
	const text = next.text ?? '';
	if (text.length > MAX_LENGTH || text.includes('\n')) return undefined;
	const extension = extensionOf(attachment.name);
	const name = cleanFileName(text);
	if (extension === '' || extensionOf(name) !== extension || !isDocument(name)) return undefined;
	return isBySameHand(file, next) && saysNothingElse(next) ? name : undefined;
}

/** The name that is said behind a document; with its extension, or it would not be taken for one. */
export function saidName(text: string, file: string): string {
	if (text.trim() === '') return '';
	const [name, extension] = [cleanFileName(text), extensionOf(file)];
	return extension === '' || extensionOf(name) === extension
		? name
		: cleanFileName(`${name}.${extension}`);
}

function isBySameHand(file: Message, next: Message): boolean {
	return (
		file.peer === next.peer &&
		file.isOwn === next.isOwn &&
		senderId(file.sender) === senderId(next.sender) &&
		file.isEncrypted === next.isEncrypted &&
		file.device?.fingerprint === next.device?.fingerprint &&
		next.time - file.time < APART
	);
}

/** What would be lost with the line stays in sight. */
function saysNothingElse(message: Message): boolean {
	const { attachment, replyTo, problem, state, isRetracted = false, reactions = [] } = message;
	return (
		attachment === undefined &&
		replyTo === undefined &&
		problem === undefined &&
		state !== 'failed' &&
		!isRetracted &&
		reactions.every(({ emojis }) => emojis.length === 0)
	);
}
