import { expect, it } from 'vitest';
import {
	countEmoji,
	distinctEmojis,
	hasEmoji,
	isEmoji,
	toggleEmoji,
} from '../../../../src/core/text/emoji.ts';

it.each(['👍', '❤️', '❤', '\u2764\ufe0e', '👨‍👩‍👧‍👦', '🇩🇪', '👍🏽', '1️⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '©️'])(
	'%s is one',
	(text) => {
		expect(isEmoji(text)).toBe(true);
	},
);

it.each([
	'',
	'a',
	'1',
	'#',
	'👍👍',
	'👍a',
	' 👍',
	'<b>',
	'\u202e👍',
	`👍${'\u0301'.repeat(5)}`,
	'👨‍👩‍👧‍👦'.repeat(20),
])('%j is none', (text) => {
	expect(isEmoji(text)).toBe(false);
});

it.each([
	['👍', 1],
	['👍👍🏽 🇩🇪', 3],
	['👨‍👩‍👧‍👦'.repeat(6), 6],
	['👍'.repeat(7), 0],
	['👍 yes', 0],
	['12', 0],
	['', 0],
	[' ', 0],
])('%j is %i emoji', (text, count) => {
	expect(countEmoji(text)).toBe(count);
});

const HEART = '\u2764';
const RED_HEART = `${HEART}\ufe0f`;
const BLACK_HEART = `${HEART}\ufe0e`;
const DETECTIVE = '\u{1F575}\ufe0f\u200d\u2642\ufe0f';

it.each([
	[[HEART, RED_HEART], [RED_HEART]],
	[[RED_HEART, HEART], [RED_HEART]],
	[[BLACK_HEART, RED_HEART, HEART], [RED_HEART]],
	[[HEART, BLACK_HEART], [RED_HEART]],
	[[HEART], [RED_HEART]],
	[
		['\u{1F44D}\u{1F3FD}', '\u26F9\u{1F3FB}\u200d\u2642'],
		['👍🏽', '\u26F9\u{1F3FB}\u200d\u2642\ufe0f'],
	],
	[
		['\u{1F3F3}\u200d\u{1F308}', '\u2764\u200d\u{1F525}'],
		['🏳️‍🌈', '❤️‍🔥'],
	],
	[
		['1\u20e3', '\u00a9'],
		['1\ufe0f\u20e3', '\u00a9\ufe0f'],
	],
	[
		['🏴󠁧󠁢󠁳󠁣󠁴󠁿', '👨‍👩‍👧‍👦'],
		['🏴󠁧󠁢󠁳󠁣󠁴󠁿', '👨‍👩‍👧‍👦'],
	],
	[
		[HEART, '👍', RED_HEART, '👍'],
		[RED_HEART, '👍'],
	],
	[['👍\ufe0f', '👍'], ['👍']],
	[['1\u20e3', '1\ufe0f\u20e3'], ['1\ufe0f\u20e3']],
	[[DETECTIVE.replaceAll('\ufe0f', ''), DETECTIVE.replace('\ufe0f', ''), DETECTIVE], [DETECTIVE]],
	[
		['👍', '👍🏽'],
		['👍', '👍🏽'],
	],
	[
		['🇩🇪', '🇩🇰'],
		['🇩🇪', '🇩🇰'],
	],
	[[], []],
])('%j are %j', (written, distinct) => {
	expect(distinctEmojis(written)).toEqual(distinct);
});

it.each([HEART, RED_HEART, BLACK_HEART])(
	'pressing %j takes a heart back, however it is written',
	(pressed) => {
		for (const ours of [HEART, RED_HEART, BLACK_HEART]) {
			expect(hasEmoji(['👍', ours], pressed)).toBe(true);
			expect(toggleEmoji(['👍', ours], pressed)).toEqual(['👍']);
		}
		expect(toggleEmoji(['👍'], pressed)).toEqual(['👍', RED_HEART]);
		expect(hasEmoji(['👍', '\u2665\ufe0f'], pressed)).toBe(false);
	},
);
