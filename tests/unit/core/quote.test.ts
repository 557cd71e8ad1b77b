import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withoutRange, withQuote } from '../../../src/core/quote.ts';

it('is a quote line by line, and the text', () => {
	expect(withQuote('one\ntwo', 'answer')).toEqual({
		text: '> one\n> two\nanswer',
		length: 12,
	});
});

it('counts in code points, not in UTF-16', () => {
	const { text, length } = withQuote('🎉🎉', '🎈');
	expect(length).toBe(5);
	expect(withoutRange(text, { start: 0, end: length })).toBe('🎈');
});

it('is undone by what it says of itself', () => {
	fc.assert(
		fc.property(
			fc.string({ unit: 'binary', maxLength: 700 }),
			fc.string({ unit: 'binary' }),
			(quoted, text) => {
				const { text: whole, length } = withQuote(quoted, text);
				expect(withoutRange(whole, { start: 0, end: length })).toBe(text);
				expect(whole.length).toBeLessThan(text.length + 1300);
			},
		),
	);
});

it('leaves a text alone that is shorter than the range', () => {
	expect(withoutRange('short', { start: 0, end: 6 })).toBe('short');
	expect(withoutRange('a long text', { start: 2, end: 7 })).toBe('a text');
});
