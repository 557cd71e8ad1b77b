import { expect, it } from 'vitest';
import { formatClock, formatSize, formatWhen } from '../../../../src/ui/parts/format.ts';

const NOW = new Date(2026, 2, 12, 0, 30).getTime();
const at = (year: number, month: number, day: number, hour = 23) =>
	new Date(year, month, day, hour, 59).getTime();

it('a time in a list is as short as its day allows', () => {
	const inWords = (time: number, options: Intl.DateTimeFormatOptions) =>
		new Date(time).toLocaleDateString(undefined, options);
	expect(formatWhen(at(2026, 2, 12, 0), NOW)).toBe(formatClock(at(2026, 2, 12, 0)));
	expect(formatWhen(at(2026, 2, 11), NOW)).toBe('Yesterday');
	expect(formatWhen(at(2026, 2, 11, 0), NOW)).toBe('Yesterday');
	for (const day of [10, 6])
		expect(formatWhen(at(2026, 2, day), NOW)).toBe(inWords(at(2026, 2, day), { weekday: 'long' }));
	expect(formatWhen(at(2026, 2, 5), NOW)).toBe(
		inWords(at(2026, 2, 5), { day: 'numeric', month: 'short' }),
	);
	expect(formatWhen(at(2025, 11, 31), NOW)).toBe(inWords(at(2025, 11, 31), { dateStyle: 'short' }));
});

it('a clock that runs behind shows a day to come by its date', () => {
	expect(formatWhen(at(2026, 2, 13), NOW)).toBe(
		new Date(at(2026, 2, 13)).toLocaleDateString(undefined, { day: 'numeric', month: 'short' }),
	);
});

it('one byte is one', () => {
	expect([0, 1, 2, 999, 1000].map(formatSize)).toEqual([
		'0 bytes',
		'1 byte',
		'2 bytes',
		'999 bytes',
		'1.0 KB',
	]);
});
