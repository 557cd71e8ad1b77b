import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wordsOfAnswer } from '../../../../src/core/text/words-of-answer.ts';

it.each([
	['', ''],
	['No room left', 'No room left'],
	['<html><body><h1>413</h1>\n<p>Too  large</p></body></html>', '413 Too large'],
	['<head><style>body{a:b}</style><script>x("<b>")</script ></head><p>No</p>', 'No'],
	['<STYLE\n>p > a{}</STYLE>No', 'No'],
	[
		'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>No</Message></Error>',
		'AccessDenied No',
	],
	['2 < 3', '2 < 3'],
	['a &amp;lt; b &quot;c&quot; &nbsp;', 'a &lt; b "c" &nbsp;'],
	['<style>all of it', ''],
	['gpj\u202e.exe\0\u200b', 'gpj.exe'],
])('%j says %j', (answer, expected) => {
	expect(wordsOfAnswer(answer, 200)).toBe(expected);
});

it('is short, in one line, and of whole characters', () => {
	const answer = fc.array(
		fc.constantFrom('<', '>', '<p>', '</', '<style>', 'a', '😀', '\n', ' ', '&lt;'),
	);
	fc.assert(
		fc.property(answer, fc.nat(30), (pieces, max) => {
			const words = wordsOfAnswer(pieces.join(''), max);
			expect(words.length).toBeLessThanOrEqual(max);
			expect(words).not.toMatch(/[\n\p{C}]/u);
		}),
	);
	expect(wordsOfAnswer(`${'x'.repeat(199)}😀`, 200)).toBe('x'.repeat(199));
});
