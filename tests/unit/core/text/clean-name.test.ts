import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanName } from '../../../../src/core/text/clean-name.ts';
import { cutText, firstCharacter } from '../../../../src/core/text/cut-text.ts';

const FAMILY = '👨\u200d👩\u200d👧\u200d👦';
const WAVE = '👋🏽';
const NORWAY = '🇳🇴';

describe('a name', () => {
	it.each([
		['Ana 👩\u200d💻', 'Ana 👩\u200d💻'],
		['Ana 🏳\ufe0f\u200d🌈', 'Ana 🏳\ufe0f\u200d🌈'],
		['Ana ❤\ufe0f', 'Ana ❤\ufe0f'],
		[`${FAMILY}${WAVE}`, `${FAMILY}${WAVE}`],
		['می\u200cخواهم', 'می\u200cخواهم'],
		['श्री राम\u200cदास', 'श्री राम\u200cदास'],
		['ශ්\u200dරී', 'ශ්\u200dරී'],
		['র\u200d্য', 'র\u200d্য'],
	])('is written as its owner writes it: %s', (text, expected) => {
		expect(cleanName(text)).toBe(expected);
	});

	it.each([
		['a joiner between letters that do not join', 'pay\u200cpal\u200d', 'paypal'],
		['joiners in a row', 'می\u200c\u200c\u200dخ', 'میخ'],
		['joiners around it', '\u200cخواهم\u200c', 'خواهم'],
		['a joiner beside one picture', '\u200d💻\u200dA', '💻A'],
		['a selector of nothing', 'A\ufe0fB\ufe0e1\ufe0f', 'AB1'],
		['two selectors', '❤\ufe0f\ufe0f', '❤\ufe0f'],
		['a joiner behind a selector that goes', 'A\ufe0f\u200d💻', 'A💻'],
		['bidi controls', 'A\u202e\u2066\u200f\u061cB', 'AB'],
		['tags', 'A\u{e0041}\u{e007f}B', 'AB'],
		['fillers', 'A\u3164\u115f\u2060\u034fB', 'AB'],
	])('loses %s', (_, text, expected) => {
		expect(cleanName(text)).toBe(expected);
	});

	it('is cut at whole characters', () => {
		for (const [end, kept] of [
			['😀', ''],
			[FAMILY, ''],
			[WAVE, ''],
			[NORWAY, ''],
			['é', 'é'],
			['x\u0302\u0323', ''],
		] as const)
			expect(cleanName(`${'x'.repeat(99)}${end}`).normalize()).toBe(`${'x'.repeat(99)}${kept}`);
		expect(cleanName(FAMILY.repeat(50))).toBe(FAMILY.repeat(9));
	});
});

describe('a text that is cut', () => {
	const character = fc.constantFrom('a', ' ', '😀', FAMILY, WAVE, 'e\u0301', '\u200c', 'خ', '\n');
	const text = fc.array(character, { maxLength: 60 }).map((all) => all.join(''));

	it('is its beginning, as much as there is room for', () => {
		fc.assert(
			fc.property(text, fc.nat(80), (whole, max) => {
				const cut = cutText(whole, max);
				expect(whole.startsWith(cut)).toBe(true);
				expect(cut.length).toBeLessThanOrEqual(max);
				expect(cut.length).toBeGreaterThan(Math.min(whole.length, max) - 13);
				expect(() => encodeURIComponent(cut)).not.toThrow();
				if (whole.length <= max) expect(cut).toBe(whole);
			}),
			{ numRuns: 2000 },
		);
	});

	it('ends with a whole character, wherever that is', () => {
		for (const character of ['😀', FAMILY, WAVE])
			for (let before = 0; before < character.length; before++) {
				const cut = cutText(`${'x'.repeat(1000 - before)}${character}`, 1000);
				expect(cut).toBe('x'.repeat(1000 - before));
			}
	});

	it('is not empty where one character has no end', () => {
		const marks = `e${'\u0301'.repeat(5000)}`;
		expect(cutText(marks, 100)).toBe(marks.slice(0, 100));
		expect(cutText(`${'x'.repeat(2000)}${marks}`, 3000)).toHaveLength(3000);
		expect(cutText('😀', 1)).toBe('');
		expect(cutText('', 0)).toBe('');
	});

	it('begins with a whole character', () => {
		expect(firstCharacter(`${FAMILY}x`)).toBe(FAMILY);
		expect(firstCharacter('')).toBe('');
	});
});
