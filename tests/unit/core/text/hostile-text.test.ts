import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareOf, parseAddress } from '../../../../src/core/links/address.ts';
import { parseAesgcmUri, redactAesgcmUris } from '../../../../src/core/links/aesgcm-uri.ts';
import { parseContact } from '../../../../src/core/links/contact-uri.ts';
import { parseMediaMessage } from '../../../../src/core/links/media-message.ts';
import { cleanName } from '../../../../src/core/text/clean-name.ts';
import { countEmoji, isEmoji } from '../../../../src/core/text/emoji.ts';
import { attachment, cleanFileName } from '../../../../src/core/text/file-name.ts';
import { foldedText } from '../../../../src/core/text/fold-text.ts';
import {
	repeatedLength,
	splitQuote,
	withoutRange,
	withQuote,
} from '../../../../src/core/text/quote.ts';
import { withShortLines } from '../../../../src/core/text/short-lines.ts';
import { type StyledPart, styledText } from '../../../../src/core/text/styled-text.ts';
import { textParts } from '../../../../src/core/text/text-parts.ts';
import { textPieces } from '../../../../src/core/text/text-pieces.ts';
import { wordsOfAnswer } from '../../../../src/core/text/words-of-answer.ts';
import { countWork } from '../../count-work.ts';

/** What reads a text that anybody wrote. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
	styledText,
	textParts,
	redactAesgcmUris,
	foldedText,
	withShortLines,
	textPieces,
	cleanName,
	cleanFileName,
	attachment,
	isEmoji,
	countEmoji,
	parseAddress,
	bareOf,
	parseContact,
	parseMediaMessage,
	parseAesgcmUri: (text) => {
		try {
			return parseAesgcmUri(text);
		} catch {
			return undefined;
		}
	},
	splitQuote,
	withQuote: (text) => withQuote(text, text),
	withoutRange: (text) => withoutRange(text, { start: 1, end: 2 }),
	wordsOfAnswer: (text) => wordsOfAnswer(text, 200),
	repeatedLength: (text) => repeatedLength(`> ${text}\nyes`, [text, `x${text}`]),
};

/** Text that is dear to each of them, over and over. */
const FRAGMENTS = [
	...['*a* ', '*a ', ' *', '_*~`', '`', '> ', '>', '>>', '```\n', '```\na\n```\n', '\n', ' ', '\t'],
	...['http:', 'http://', 'http://a', 'https://a.b/(', '(', ')', '[', '!', '.', ',', '»', '…', '’'],
	...[
		'xmpp:',
		'xmpp:a@b?',
		'omemo-sid-1=',
		'&',
		';',
		'=',
		'-',
		'%',
		'%41',
		'/',
		'#',
		'?',
		'@',
		':',
	],
	...['aesgcm://', 'aesgcm:', 'aesgcm', '#a', 'a', 'abcdef01', '<', '<a', '\ufffd', '…', '...'],
	...[
		'e',
		'\u0301',
		'\u200c',
		'\u200d',
		'👩\u200d',
		'👩',
		'🇳',
		'\ufe0f',
		'\ud800',
		'م',
		'م\u200c',
		'مx',
		'\u2067',
		'_',
	],
];
const LENGTH = 6000;
/** Times that each character may be looked at: a quadratic reader looks at each of them thousands of times. */
const MAX_LOOKS = 150;

/** What stands at the start of a hostile text, what is said in it over and over, and its end. */
const hostile = fc.tuple(
	fc.constantFrom('', 'x', ...FRAGMENTS),
	fc.array(fc.constantFrom(...FRAGMENTS), { minLength: 1, maxLength: 4 }),
	fc.constantFrom('', 'x', '\n', 'x\nx', ' x', '*', '#'),
);

function textOf(before: string, unit: string, after: string): string {
	return before + unit.repeat(Math.ceil(LENGTH / unit.length)) + after;
}

describe.each(Object.entries(READERS))('%s', (_, read) => {
	it('looks at each character of a hostile text a few times', () => {
		const looks = (text: string) => countWork(() => read(text)) / text.length;
		for (const fragment of FRAGMENTS)
			for (const end of ['', 'x'])
				expect(looks(textOf('', fragment, end)), fragment).toBeLessThan(MAX_LOOKS);
		fc.assert(
			fc.property(hostile, ([before, unit, after]) => {
				expect(looks(textOf(before, unit.join(''), after))).toBeLessThan(MAX_LOOKS);
			}),
			{ numRuns: 50 },
		);
	});
});

describe('a hostile text', () => {
	const nodes = (parts: readonly StyledPart[]): number =>
		parts.reduce((sum, part) => sum + ('parts' in part ? 1 + nodes(part.parts) : 1), 0);
	const plain = (parts: readonly StyledPart[]): string =>
		parts.map((part) => ('parts' in part ? plain(part.parts) : part.text)).join('');

	it('is a few thousand parts at the most', () => {
		for (const fragment of ['*a* ', '*a*\n', '> a\n\n', '```\na\n```\n', 'http://a.b ', '\n'])
			expect(nodes(styledText(fragment.repeat(45_000)))).toBeLessThan(5000);
		fc.assert(
			fc.property(hostile, ([before, unit, after]) => {
				expect(nodes(styledText(textOf(before, unit.join(''), after)))).toBeLessThan(5000);
			}),
			{ numRuns: 50 },
		);
	});

	it('says all that it says, styled as far as that goes', () => {
		const text = '*a* '.repeat(45_000);
		const parts = styledText(text);
		expect(plain(parts)).toBe(text);
		expect(parts.filter(({ kind }) => kind === 'strong')).toHaveLength(500);
	});
});
