/** Controls, bidi and other format characters, tags, fillers, and what is assigned to nothing or to anybody. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]|\p{DI}/u;
const JOINERS = '\u200C\u200D';
const JOINER = '\u200D';
const VARIATION_SELECTORS = '\uFE0E\uFE0F';
const KEYCAP = '\u20E3';
const PICTURE = /\p{Extended_Pictographic}/u;
/** Characters that may stand between a pictograph and the joiner behind it. */
const PICTURE_END = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]|\uFE0F/u;
const KEY = /[#*0-9]/;
/**
 * Scripts in which joiners make other letters, or another word (Unicode 16, section 23.2; RFC 5892 appendix A.1 and A.2).
 * Anywhere else they only make two names look like one.
 */
const JOINING_SCRIPT =
	/[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mand}\p{scx=Nkoo}\p{scx=Adlm}\p{scx=Mong}\p{scx=Rohg}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Tibt}\p{scx=Mymr}\p{scx=Khmr}\p{scx=Bali}\p{scx=Java}]/u;
const LETTER = /[\p{L}\p{M}]/u;

/**
 * A text with `instead` in the place of each character that is not seen, or that turns, hides or stands in for others.
 * What people write with is kept: joiners between letters of scripts that join, joiners and variation selectors in emoji.
 */
export function replaceInvisible(text: string, instead: string): string {
	const points = [...text];
	const kept: string[] = [];
	points.forEach((point, at) => {
		kept.push(isShown(point, kept.at(-1) ?? '', points[at + 1] ?? '') ? point : instead);
	});
	return kept.join('');
}

/** Whether a code point is one that people see, or write to see its neighbours right. */
function isShown(point: string, before: string, after: string): boolean {
	if (!INVISIBLE.test(point)) return true;
	if (JOINERS.includes(point) && isJoining(before) && isJoining(after)) return true;
	if (point === JOINER) return PICTURE_END.test(before) && PICTURE.test(after);
	if (!VARIATION_SELECTORS.includes(point)) return false;
	return PICTURE.test(before) || (KEY.test(before) && after === KEYCAP);
}

function isJoining(point: string): boolean {
	return LETTER.test(point) && JOINING_SCRIPT.test(point);
}
