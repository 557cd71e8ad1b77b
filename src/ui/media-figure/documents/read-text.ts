/** UTF-16 code units that are shown: more of them in one element makes a page stand still. */
const MOST = 500_000;
/** Characters that turn the order of others (Unicode Standard Annex 9): what they hide is to be seen. */
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
/** Controls that show nothing, but for the tab and the ends of lines. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\0-\x08\x0B\x0E-\x1F\x7F]/g;

/** A text as it is shown. */
export interface ShownText {
	readonly text: string;
	/** that is only its beginning */
	readonly isCut: boolean;
}

/**
 * Reads a text: UTF-8, UTF-16 where it says so (https://encoding.spec.whatwg.org/#bom-sniff), else Windows-1252, in which
 * every byte is something. What is not seen, or turns others around, is made visible.
 */
export function readText(bytes: Uint8Array<ArrayBuffer>): ShownText {
	// No character has more than four bytes, and one that is cut is left out below.
	const isLong = bytes.length > 4 * MOST;
	const all = decode(isLong ? bytes.subarray(0, 4 * MOST) : bytes, isLong)
		.slice(0, MOST + 1)
		.replaceAll(/\r\n?/g, '\n')
		.replaceAll(CONTROLS, pictureOf)
		.replaceAll(
			BIDI,
			(found) => `‹U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`,
		);
	// Never between the two halves of a character.
	const isHalf = /[\uD800-\uDBFF]/.test(all[MOST - 1] ?? '');
	return {
		text: all.slice(0, isHalf ? MOST - 1 : MOST),
		isCut: isLong || all.length > MOST,
	};
}

/** The sign for a control (Unicode block Control Pictures). */
function pictureOf(control: string): string {
	return control === '\x7F' ? '\u2421' : String.fromCharCode(0x2400 + control.charCodeAt(0));
}

function decode(bytes: Uint8Array<ArrayBuffer>, stream: boolean): string {
	const [first, second] = bytes;
	if (first === 0xff && second === 0xfe)
		return new TextDecoder('utf-16le').decode(bytes, { stream });
	if (first === 0xfe && second === 0xff)
		return new TextDecoder('utf-16be').decode(bytes, { stream });
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream });
	} catch {
		return new TextDecoder('windows-1252').decode(bytes);
	}
}
