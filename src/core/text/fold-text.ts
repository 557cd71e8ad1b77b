import { cutText } from './cut-text.ts';

/** UTF-16 units and lines that are shown at once. */
const MAX_LENGTH = 3000;
const MAX_LINES = 40;
/** Of what would be left: less is not worth a button. */
const MIN_REST = 500;
const MIN_REST_LINES = 5;

/** The beginning of a text that is too long to be shown at once; undefined for one that is not. */
export function foldedText(text: string): string | undefined {
	let end = 0;
	let lines = 0;
	for (let at = text.indexOf('\n'); at >= 0 && lines < MAX_LINES + MIN_REST_LINES; lines++) {
		if (lines === MAX_LINES - 1) end = at;
		at = text.indexOf('\n', at + 1);
	}
	const isLong = text.length > MAX_LENGTH + MIN_REST;
	if (lines < MAX_LINES + MIN_REST_LINES && !isLong) return undefined;
	const isCutAtLine = lines >= MAX_LINES && end <= MAX_LENGTH;
	return isCutAtLine ? text.slice(0, end) : cutText(text, MAX_LENGTH);
}
