/** What emoji are made of: keycaps, modifiers, joiners and tags among them. */
const PARTS = /^[\p{Emoji}\p{Emoji_Component}]+$/u;
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u{20E3}/u;
/** UTF-16 units of the longest sequence that is looked at. */
const MAX_LENGTH = 40;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Whether a text is one emoji, however many code points it takes (Unicode Technical Standard 51). */
export function isEmoji(text: string): boolean {
	if (text.length > MAX_LENGTH || !PARTS.test(text) || !PICTURE.test(text)) return false;
	return [...graphemes.segment(text)].length === 1;
}

const FEW = 6;

/** How many emoji a text is, blanks aside; 0 if it says anything else, or more than a few. */
export function countEmoji(text: string): number {
	if (text.length > FEW * MAX_LENGTH) return 0;
	const all = [...graphemes.segment(text.replace(/\s/gu, ''))];
	return all.length <= FEW && all.every(({ segment }) => isEmoji(segment)) ? all.length : 0;
}
