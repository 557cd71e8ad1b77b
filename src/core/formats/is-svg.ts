const UTF_8_MARK = '\xef\xbb\xbf';
const UTF_16_MARKS = ['\xff\xfe', '\xfe\xff'];
const ROOT = /^<(?:[\w.-]{1,32}:)?svg[\s/>]/i;
const DOCTYPE = /^<!doctype\s/i;
const SVG_DOCTYPE = /^<!doctype\s{1,8}svg[\s>]/i;

/**
 * Whether a file is an SVG drawing, by its first bytes, a letter each: what programs write before its root (XML 1.0 section
 * 2.8: a declaration, comments, a document type) is passed over.
 */
export function isSvg(first: string): boolean {
	const text = withoutMark(first);
	for (let at = 0; ; ) {
		while (at < text.length && text.charAt(at).trim() === '') at += 1;
		const here = text.slice(at, at + 64);
		if (DOCTYPE.test(here)) return SVG_DOCTYPE.test(here);
		const end = here.startsWith('<?') ? '?>' : here.startsWith('<!--') ? '-->' : undefined;
		if (end === undefined) return ROOT.test(here);
		const close = text.indexOf(end, at + 2);
		// What is longer than what is looked at may be a drawing of a talkative program.
		if (close < 0) return text.includes('svg');
		at = close + end.length;
	}
}

function withoutMark(text: string): string {
	if (UTF_16_MARKS.includes(text.slice(0, 2))) return text.slice(2).replaceAll('\0', '');
	return text.startsWith(UTF_8_MARK) ? text.slice(UTF_8_MARK.length) : text;
}
