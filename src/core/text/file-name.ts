import { cutText } from './cut-text.ts';
import { replaceInvisible } from './visible-text.ts';

/** Longest name that is kept, in UTF-16 units and in bytes of UTF-8; file systems stop at 255 bytes. */
const MAX_NAME = 120;
const MAX_BYTES = 240;
/** Path and shell separators, and a blank that looks like none. */
const UNSAFE = /[\u2800/\\:*?"<>|]/gu;
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** A name that can be shown and saved from any text a sender chose; `file` if nothing is left. */
export function cleanFileName(text: string): string {
	const name = trimmed(
		replaceInvisible(text.normalize('NFC'), '_')
			.replace(UNSAFE, '_')
			.replace(/\s+/g, ' ')
			.replace(/_{2,}/g, '_'),
	);
	if (name === '' || /^[_.]+$/.test(name)) return 'file';
	return shorten(RESERVED.test(name) ? `_${name}` : name);
}

/** The last part of a URL's path, unescaped and cleaned. */
export function fileNameOfUrl(url: { readonly pathname: string }): string {
	const last = url.pathname.split('/').filter(Boolean).at(-1) ?? '';
	try {
		return cleanFileName(decodeURIComponent(last));
	} catch {
		return cleanFileName(last);
	}
}

/** The extension of a cleaned name, lowercase and without the dot; empty if there is none. */
export function extensionOf(name: string): string {
	return /\.([A-Za-z0-9]{1,5})$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** A Content-Disposition header that saves under a name (RFC 6266 section 4.3, RFC 8187). */
export function attachment(name: string): string {
	const cleaned = cleanFileName(name);
	const ascii = cleaned.replace(/[^\x20-\x7e]/g, '_').replace(/[%\\"]/g, '_');
	const encoded = encodeURIComponent(cleaned).replace(
		/['()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
	return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

function shorten(name: string): string {
	if (fits(name)) return name;
	const extension = extensionOf(name);
	const tail = extension === '' ? '' : `.${extension}`;
	let stem = cutText(name, Math.min(name.length, MAX_NAME) - tail.length);
	while (!fits(stem + tail)) stem = cutText(stem, stem.length - 1);
	return trimmed(stem) + tail;
}

function fits(name: string): boolean {
	return name.length <= MAX_NAME && new TextEncoder().encode(name).length <= MAX_BYTES;
}

/** Without dots and blanks around it. */
function trimmed(name: string): string {
	const isKept = (character: string) => character !== '.' && character.trim() !== '';
	const characters = [...name];
	return characters
		.slice(characters.findIndex(isKept), characters.findLastIndex(isKept) + 1)
		.join('');
}
