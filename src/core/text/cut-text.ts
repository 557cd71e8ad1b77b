import { graphemes } from './graphemes.ts';

/** UTF-16 units around the end that are looked at: more than any emoji has. */
const WINDOW = 256;

/** A text of at most `max` UTF-16 units: its beginning, to a whole character as people see it. */
export function cutText(text: string, max: number): string {
	if (text.length <= max) return text;
	const from = Math.max(0, max - WINDOW);
	const { index = 0 } =
		graphemes.segment(text.slice(from, max + WINDOW)).containing(max - from) ?? {};
	// A letter under hundreds of marks is no character that anybody misses.
	const end = index > 0 ? from + index : max;
	// Neither half of a pair, nor a joiner that joins nothing.
	return text
		.slice(0, end)
		.replace(/[\uD800-\uDBFF]$/, '')
		.replace(/[\u200C\u200D]$/, '');
}

/** The first character of a text as people see it; empty for none. */
export function firstCharacter(text: string): string {
	const { segment = '' } = graphemes.segment(text.slice(0, WINDOW)).containing(0) ?? {};
	return segment;
}
