import { cleanFileName, extensionOf } from '../../core/text/file-name.ts';
import { guessKind } from './media-kind.ts';
import type { Message } from './message.ts';
import { senderId } from './sender.ts';

/** Milliseconds within which a text that follows a file may name it: both leave together. */
const APART = 60_000;
/** Photos, videos and sound that are not shown. */
const UNSHOWN =
	/^(?:3gp|aiff?|amr|arw|avi|bmp|caf|cr[23]|dng|hei[cf]|jxl|mkv|nef|raf|tiff?|wm[av])$/;

/**
 * Whether a file is a document, which is known by its name. Photos, videos and voice messages say what they are without one,
 * and theirs often tells when they were made.
 */
export function isDocument(name: string): boolean {
	const extension = extensionOf(name);
	return extension !== '' && guessKind(name) === 'unknown' && !UNSHOWN.test(extension);
}

/**
 * The name that the message right behind a document gives it, or undefined if that is a message like any other. OMEMO 0.3
 * has no other place for a name, and the address of a file tells its server none: so it is said, in a line of its own that ends
 * in the same extension. Only a word of whoever sent the file, encrypted from the same device, is taken for one, and only what
 * is a name, letter for letter: of anything else something would be lost. Which file it belongs to, its place alone tells.
 */
export function nameGivenBy(file: Message, next: Message | undefined): string | undefined {
	const { attachment } = file;
	if (next === undefined || attachment === undefined || attachment.kind === 'link')
		return undefined;
	const name = next.text ?? '';
	const isName = isDocument(name) && extensionOf(name) === extensionOf(attachment.name);
	if (!isName || cleanFileName(name) !== name) return undefined;
	return isBySameHand(file, next) && saysNothingElse(next, file) ? name : undefined;
}

/** The name that is said behind a document; with its extension, or it would not be taken for one. */
export function saidName(text: string, file: string): string {
	if (text.trim() === '') return '';
	const [name, extension] = [cleanFileName(text), extensionOf(file)];
	return extensionOf(name) === extension ? name : cleanFileName(`${name}.${extension}`);
}

function isBySameHand(file: Message, next: Message): boolean {
	return (
		file.peer === next.peer &&
		file.isOwn === next.isOwn &&
		senderId(file.sender) === senderId(next.sender) &&
		file.isEncrypted === next.isEncrypted &&
		file.device?.fingerprint === next.device?.fingerprint &&
		Math.abs(next.time - file.time) < APART
	);
}

/** What would be lost with the line stays in sight; what is to be said of the file, too, is said there. */
function saysNothingElse(message: Message, file: Message): boolean {
	const { attachment, replyTo, problem, state, waitsFor, reactions = [] } = message;
	const { isRetracted = false, isCorrected = false, leftOut = [] } = message;
	return (
		attachment === undefined &&
		replyTo === undefined &&
		(problem === undefined || file.problem !== undefined) &&
		(waitsFor === undefined || file.waitsFor !== undefined) &&
		(leftOut.length === 0 || (file.leftOut ?? []).length > 0) &&
		(state !== 'failed' || file.state === 'failed') &&
		!isRetracted &&
		!isCorrected &&
		reactions.every(({ emojis }) => emojis.length === 0)
	);
}
