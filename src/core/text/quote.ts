import { cutText } from './cut-text.ts';

/** Characters of what is answered that are said again for clients that cannot show answers. */
const MAX_LENGTH = 300;
/** A line that quotes; `>` before anything else is an arrow, or a face. */
const QUOTE_LINE = /^>(?:$|[ >])/u;
/** Characters of a text that begin it unmistakably: some clients say no more of it again. */
const MIN_BEGINNING = 40;

/**
 * A text that answers another, as clients read it that know no replies: what is answered first, line by line after "> "
 * (XEP-0461 section 3.1). `length` is that of what stands in front, in code points (XEP-0426).
 */
export function withQuote(quoted: string, text: string): { text: string; length: number } {
	const shown = cutText(quoted, MAX_LENGTH);
	const front = (shown.length < quoted.length ? `${shown.trimEnd()}…` : shown)
		.split('\n')
		.map((line) => `> ${line}\n`)
		.join('');
	return { text: front + text, length: [...front].length };
}

/** A text without the part that is only there for clients that know no replies; offsets in code points. */
export function withoutRange(text: string, { start, end }: { start: number; end: number }): string {
	const points = [...text];
	if (end > points.length) return text;
	return [...points.slice(0, start), ...points.slice(end)].join('');
}

export function isQuoteLine(line: string): boolean {
	return QUOTE_LINE.test(line);
}

/** A text that begins with lines that quote: those lines, each with its line break, and what comes after them. */
export function splitQuote(text: string): { quote: string; rest: string } {
	const lines = text.split('\n');
	const end = lines.findIndex((line) => !isQuoteLine(line));
	const quote = lines
		.slice(0, end < 0 ? lines.length : end)
		.map((line) => `${line}\n`)
		.join('');
	return { quote: quote.slice(0, text.length), rest: text.slice(quote.length) };
}

/** The text of quoted lines. */
export function unquoted(quote: string): string {
	return quote.replace(/^> ?/gmu, '').trimEnd();
}

/**
 * How much at the start of a text only says an earlier one again, in UTF-16 code units: whole lines that quote one of
 * `originals`, or the beginning of a long one, with something else behind them. 0 for anything else.
 */
export function repeatedLength(text: string, originals: readonly string[]): number {
	const { quote, rest } = splitQuote(text);
	const lines = quote.split('\n').slice(0, -1);
	if (rest.trim() === '') return 0;
	for (const original of originals) {
		// The answer may begin with a quote of its own.
		for (const count of new Set([lines.length, original.split('\n').length])) {
			const front = lines.slice(0, count).join('\n');
			if (count <= lines.length && isRepeated(unquoted(front), original)) return front.length + 1;
		}
	}
	return 0;
}

/** Whether a quote says a text again: all of it, or enough of its beginning; how lines were broken and indented is no matter. */
function isRepeated(said: string, original: string): boolean {
	const [front, whole] = [withoutBreaks(said), withoutBreaks(original)];
	if (front === '' || whole === '') return false;
	const start = withoutCut(front);
	return front === whole || (start.length >= MIN_BEGINNING && whole.startsWith(start));
}

/** Without the mark that a text was cut off, and without what is left of a character that was cut in two. */
function withoutCut(text: string): string {
	const mark = ['…', '...'].find((one) => text.endsWith(one)) ?? '';
	const marked = text.slice(0, text.length - mark.length).trimEnd();
	return marked.endsWith('\ufffd') ? marked.slice(0, -1) : marked;
}

function withoutBreaks(text: string): string {
	return text.replace(/\s+/gu, ' ').trim();
}
