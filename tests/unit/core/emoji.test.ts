import { expect, it } from 'vitest';
import { isEmoji } from '../../../src/core/emoji.ts';

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
