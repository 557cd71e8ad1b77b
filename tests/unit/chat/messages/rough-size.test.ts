import { expect, it } from 'vitest';
import { fitsRoughly } from '../../../../src/chat/messages/rough-size.ts';

it.each([
	[10_000, 5000, 6000],
	[16_384, 8000, 9500],
	[65_536, 38_000, 40_000],
	[262_144, 180_000, 190_000],
])(
	'of %d bytes, about three quarters without the frame are left for an encrypted text',
	(limit, fits, not) => {
		expect(fitsRoughly('hi', true, limit)).toBe(true);
		expect(fitsRoughly('x'.repeat(fits), true, limit)).toBe(true);
		expect(fitsRoughly('x'.repeat(not), true, limit)).toBe(false);
		// It is bytes that count.
		expect(fitsRoughly('ü'.repeat(fits), true, limit)).toBe(false);
	},
);

it('an unencrypted text is longer where it has to be escaped', () => {
	expect(fitsRoughly('x'.repeat(50_000), false, 65_536)).toBe(true);
	expect(fitsRoughly('<'.repeat(50_000), false, 65_536)).toBe(false);
});
