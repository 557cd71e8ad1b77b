import { expect, it } from 'vitest';
import { countEmoji, isEmoji } from '../../../src/core/emoji.ts';

it.each(['👍', '❤️', '❤', '👨‍👩‍👧‍👦', '🇩🇪', '👍🏽', '1️⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '©️'])('%s is one', (text) => {
	expect(isEmoji(text)).toBe(true);
});

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
