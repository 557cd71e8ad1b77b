import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
	repeatedLength,
	splitQuote,
	unquoted,
	withoutRange,
	withQuote,
} from '../../../../src/core/text/quote.ts';

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

it('cuts no character in two', () => {
	const family = '👨\u200d👩\u200d👧\u200d👦';
	const { text } = withQuote(`${'x'.repeat(299)}${family}`, 'answer');
	expect(text).toBe(`> ${'x'.repeat(299)}…\nanswer`);
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

it('is told from what follows, and only lines that quote are', () => {
	expect(splitQuote('> a\n>\n>> b\nc\n> d')).toEqual({ quote: '> a\n>\n>> b\n', rest: 'c\n> d' });
	expect(splitQuote('>.< no')).toEqual({ quote: '', rest: '>.< no' });
	expect(splitQuote('> a')).toEqual({ quote: '> a', rest: '' });
	expect(unquoted('> a\n>\n>> b\n')).toBe('a\n\n> b');
});

it('is found again in front of whatever answers it', () => {
	const text = fc.string({ unit: 'grapheme', maxLength: 400 });
	fc.assert(
		fc.property(text, text, (quoted, answer) => {
			fc.pre(quoted.trim() !== '' && answer.trim() !== '' && !answer.startsWith('>'));
			const { text: whole } = withQuote(quoted, answer);
			const length = repeatedLength(whole, [quoted]);
			// Line breaks of other kinds than ours end a line for nobody.
			if (length > 0) expect(whole.slice(length)).toBe(answer);
			else expect([...quoted].length).toBeGreaterThan(300);
		}),
	);
});

it('folds nothing but lines that say one of these texts again', () => {
	const line = fc.constantFrom('> a', '> b', '>a', '>> a', '>', 'a', 'b', '');
	fc.assert(
		fc.property(fc.array(line), fc.array(line, { maxLength: 3 }), (lines, original) => {
			const text = lines.join('\n');
			const front = text.slice(0, repeatedLength(text, [original.join('\n')]));
			for (const one of front.split('\n').slice(0, -1)) expect(one).toMatch(/^>(?:$|[ >])/u);
			if (front !== '')
				expect(unquoted(front).replace(/\s+/gu, '')).toBe(original.join('').replace(/\s+/gu, ''));
		}),
	);
});

it('takes no longer for a hostile one than for another', () => {
	for (const one of ['\ufffd', ' \ufffd', '…', '.', '>', '> ', '>\n', '\u2028', ' '])
		for (const answer of ['\nyes', '']) {
			const text = `> ${one.repeat(100_000)}${answer}`;
			expect(repeatedLength(text, ['a', 'b'.repeat(100)])).toBe(0);
		}
});
