import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldedText } from '../../../../src/core/text/fold-text.ts';
import { withShortLines } from '../../../../src/core/text/short-lines.ts';
import { textPieces } from '../../../../src/core/text/text-pieces.ts';

const lines = (count: number) =>
	Array.from({ length: count }, (_, index) => `line ${index}`).join('\n');
const some = fc
	.array(
		fc.constantFrom(
			...['a', 'word ', '\n', ' ', '😀', 'ש', 'م', '1', '\u2067', '\u202e', '\u2069'],
		),
		{ maxLength: 50 },
	)
	.chain((unit) => fc.nat(400).map((times) => unit.join('').repeat(times)));

describe('a text that is folded', () => {
	it.each([
		['nothing', ''],
		['3500 letters', 'x'.repeat(3500)],
		['44 lines', lines(44)],
	])('is not %s', (_, text) => {
		expect(foldedText(text)).toBeUndefined();
	});

	it('is a long one, or one of many lines', () => {
		expect(foldedText('x'.repeat(3501))).toBe('x'.repeat(3000));
		expect(foldedText(`${'x'.repeat(2999)}${'😀'.repeat(500)}`)).toBe('x'.repeat(2999));
		expect(foldedText(lines(46))).toBe(lines(40));
		expect(foldedText('\n'.repeat(100_000))).toBe('\n'.repeat(39));
	});

	it('says the beginning', () => {
		fc.assert(
			fc.property(some, (text) => {
				const start = foldedText(text);
				if (start === undefined) return;
				expect(text.startsWith(start)).toBe(true);
				expect(start.length).toBeLessThanOrEqual(3000);
			}),
		);
	});
});

describe('a line', () => {
	it('is broken where nobody writes so long a one, at a blank if there is one', () => {
		expect(withShortLines(lines(300))).toBe(lines(300));
		expect(withShortLines('x'.repeat(4000))).toBe('x'.repeat(4000));
		expect(
			withShortLines('x'.repeat(8001))
				.split('\n')
				.map(({ length }) => length),
		).toEqual([4000, 4000, 1]);
		const words = 'a word '.repeat(2000);
		for (const line of withShortLines(words).split('\n').slice(0, -1)) expect(line).toMatch(/ $/);
	});

	it('says what it said', () => {
		fc.assert(
			fc.property(some, (text) => {
				const shown = withShortLines(text);
				expect(shown.replaceAll('\n', '')).toBe(text.replaceAll('\n', ''));
				for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(4000);
			}),
		);
	});
});

describe('the pieces of a text', () => {
	/** How often it turns, with no regard to what is neither a letter, a digit nor a control. */
	const turnsOf = (text: string) =>
		text
			.replace(/[^\p{L}\p{N}\p{Cf}]/gu, '')
			.replace(/[\u0590-\u08ff]+/g, '<')
			.replace(/[\p{L}\p{N}]+/gu, '>').length;

	it('are one, unless it turns more often than anybody writes', () => {
		for (const text of ['', 'x'.repeat(100_000), 'ש'.repeat(100_000), 'שלום x, '.repeat(200)])
			expect(textPieces(text)).toEqual([text]);
		expect(textPieces('שx'.repeat(50_000))).toHaveLength(200);
		expect(textPieces('a\u2067'.repeat(5000))).toHaveLength(10);
	});

	it('end at the end of a line where there is one', () => {
		const text = 'שx ש1\n'.repeat(1000);
		for (const piece of textPieces(text)) expect(piece).toMatch(/\n$/);
	});

	it('are the text, and none of them turns often', () => {
		fc.assert(
			fc.property(some, (text) => {
				const pieces = textPieces(text);
				expect(pieces.join('')).toBe(text);
				for (const piece of pieces) expect(turnsOf(piece)).toBeLessThan(1010);
			}),
		);
	});
});
