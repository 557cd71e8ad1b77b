/** Changes of direction in one piece: layout engines take time in the square of them, or the cube. */
const MAX_TURNS = 500;
const RIGHT_TO_LEFT =
	/[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const CONTROL = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
const HAS_TURNS =
	/[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
const LETTER = /[\p{L}\p{N}]/u;

/**
 * A text in pieces that are laid out each by itself. One, unless it changes its direction more often than anybody writes;
 * they end at a line break where there is one.
 */
export function textPieces(text: string): string[] {
	if (!HAS_TURNS.test(text)) return [text];
	const pieces: string[] = [];
	let turns = 0;
	let start = 0;
	let at = 0;
	/** where the last line began, and the turns before it */
	let line = { start: 0, turns: 0 };
	let isRight = false;
	for (const point of text) {
		const turnsHere = LETTER.test(point) && RIGHT_TO_LEFT.test(point) !== isRight;
		if (turnsHere) isRight = !isRight;
		if (turnsHere || CONTROL.test(point)) turns += 1;
		if (turns > MAX_TURNS) {
			const end = line.start > start ? line : { start: at, turns: turns - 1 };
			pieces.push(text.slice(start, end.start));
			start = end.start;
			turns -= end.turns;
		}
		at += point.length;
		if (point === '\n') line = { start: at, turns };
	}
	return [...pieces, text.slice(start)];
}
