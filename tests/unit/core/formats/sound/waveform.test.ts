import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loudness, waveform } from '../../../../../src/core/formats/sound/waveform.ts';

it('draws each part as loud as it is against the loudest', () => {
	expect(waveform([0.5, -0.5, 1, -1, 0, 0, 0.25, 0.25], 4)).toEqual([0.5, 1, 0, 0.25]);
	expect(waveform([0.5], 3)).toEqual([1, 1, 1]);
	expect(waveform([], 2)).toEqual([0, 0]);
	// Its noise is not speech.
	expect(waveform([0.005, 0.01], 2)).toEqual([0.25, 0.5]);
});

it('makes as many bars as asked for, from 0 to 1, of anything', () => {
	fc.assert(
		fc.property(
			fc.array(fc.oneof(fc.float(), fc.float({ min: -1, max: 1 }))),
			fc.integer({ min: 1, max: 60 }),
			(samples, bars) => {
				const levels = waveform(samples, bars);
				expect(levels).toHaveLength(bars);
				for (const level of levels) expect(level >= 0 && level <= 1).toBe(true);
			},
		),
	);
	expect(loudness([Number.NaN, 1])).toBeCloseTo(Math.SQRT1_2);
});
