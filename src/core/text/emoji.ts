import { graphemes } from './graphemes.ts';

/** Characters that are not part of an emoji; keycaps, modifiers, joiners and tags can be. */
const OTHER = /(?!\u{FE0E})[^\p{Emoji}\p{Emoji_Component}]/u;
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u{20E3}/u;
/** UTF-16 units of the longest sequence that is looked at. */
const MAX_LENGTH = 40;

/** Whether a text is one emoji, however many code points it takes (Unicode Technical Standard 51). */
export function isEmoji(text: string): boolean {
	if (text.length > MAX_LENGTH || OTHER.test(text) || !PICTURE.test(text)) return false;
	return [...graphemes.segment(text)].length === 1;
}

/** They choose between two pictures of the same; who writes them, and where, depends on the keyboard (section 2.4). */
const VARIATION_SELECTORS = /[\u{FE0E}\u{FE0F}]/gu;
/** Characters that are pictures only with U+FE0F or a modifier behind them. */
const NEEDS_SELECTOR =
	/(?!\p{Emoji_Presentation})(?!\p{Emoji_Modifier})\p{Emoji}(?!\p{Emoji_Modifier})/gu;

/** One spelling for all spellings of the same emoji, to compare them. */
function keyOf(emoji: string): string {
	return emoji.replace(VARIATION_SELECTORS, '');
}

/** As it is to be shown, whoever wrote it (definition ED-18, fully qualified). */
function qualified(emoji: string): string {
	return keyOf(emoji).replace(NEEDS_SELECTOR, '$&\u{FE0F}');
}

/** Each emoji of a list once, fully qualified. */
export function distinctEmojis(emojis: readonly string[]): string[] {
	return [...new Set(emojis.map(qualified))];
}

export function hasEmoji(emojis: readonly string[], emoji: string): boolean {
	return emojis.some((other) => keyOf(other) === keyOf(emoji));
}

/** A list with an emoji that was not in it, or without it; fully qualified. */
export function toggleEmoji(emojis: readonly string[], emoji: string): string[] {
	const others = emojis.filter((other) => keyOf(other) !== keyOf(emoji));
	return distinctEmojis(others.length < emojis.length ? others : [...others, emoji]);
}

const FEW = 6;

/** How many emoji a text is, blanks aside; 0 if it says anything else, or more than a few. */
export function countEmoji(text: string): number {
	if (text.length > FEW * MAX_LENGTH) return 0;
	const all = [...graphemes.segment(text.replace(/\s/gu, ''))];
	return all.length <= FEW && all.every(({ segment }) => isEmoji(segment)) ? all.length : 0;
}
