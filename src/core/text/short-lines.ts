import { cutText } from './cut-text.ts';

/**
 * UTF-16 units of a line: layout engines take time in the square of a line that changes its direction with each letter, or that
 * has no place to break.
 */
const MAX_LINE = 4000;

/** A text to be shown, its lines broken that nobody writes: at a blank where there is one near the end. */
export function withShortLines(text: string): string {
	return text.split('\n').flatMap(piecesOf).join('\n');
}

function piecesOf(line: string): string[] {
	const pieces: string[] = [];
	for (let at = 0; at < line.length; ) {
		const whole = cutText(line.slice(at, at + 2 * MAX_LINE), MAX_LINE);
		const blank = at + whole.length < line.length ? whole.lastIndexOf(' ') + 1 : 0;
		const piece = blank > MAX_LINE / 2 ? whole.slice(0, blank) : whole;
		pieces.push(piece);
		at += piece.length;
	}
	return pieces.length === 0 ? [''] : pieces;
}
