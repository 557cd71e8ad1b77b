import { describe, expect, it } from 'vitest';
import { isWithin, usedTime } from '../../../src/core/clock.ts';

describe('a time of the past', () => {
	it('is within its span up to the end of that, and never if it is yet to come or missing', () => {
		expect(isWithin(1000, 100, 1000)).toBe(true);
		expect(isWithin(1000, 100, 1099)).toBe(true);
		expect(isWithin(1000, 100, 1100)).toBe(false);
		expect(isWithin(1001, 100, 1000)).toBe(false);
		expect(isWithin(undefined, 100, 50)).toBe(false);
		expect(isWithin(Number.NaN, 100, 50)).toBe(false);
		expect(isWithin(0, 100, 50)).toBe(true);
	});
});

describe('what was used least recently', () => {
	it('is what was used while the clock was ahead', () => {
		const used = [30, 500, 20];
		expect(used.toSorted((a, b) => usedTime(a, 100) - usedTime(b, 100))).toEqual([500, 20, 30]);
	});
});
