/** Characters of what is answered that are said again for clients that cannot show answers. */
const MAX_LENGTH = 300;

/**
 * A text that answers another, as clients read it that know no replies: what is answered first, line by line after "> "
 * (XEP-0461 section 3.1). `length` is that of what stands in front, in code points (XEP-0426).
 */
export function withQuote(quoted: string, text: string): { text: string; length: number } {
	const points = [...quoted];
	const shown = points.slice(0, MAX_LENGTH).join('');
	const front = (points.length > MAX_LENGTH ? `${shown.trimEnd()}…` : shown)
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
