import fc from 'fast-check';
import { encode } from 'uqr';
import { expect, it } from 'vitest';
import { qrCode } from '../../../src/core/qr-code.ts';

/** Which mask makes another implementation draw the very same code. */
function maskOf(text: string): number | undefined {
	const code = qrCode(text);
	for (let maskPattern = 0; maskPattern < 8; maskPattern++) {
		const data = [...new TextEncoder().encode(text)];
		const { data: theirs } = encode(data, { ecc: 'L', maskPattern, border: 0 });
		if (JSON.stringify(theirs) === JSON.stringify(code)) return maskPattern;
	}
	return undefined;
}

/** Bytes that versions 1 to 20 hold at level L (ISO/IEC 18004 table 7). */
const CAPACITIES = [
	17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858,
];

it.each(CAPACITIES.map((bytes, index) => [index + 1, bytes] as const))(
	'version %i is drawn as by another implementation, full and just begun',
	(version, most) => {
		for (const length of [(CAPACITIES[version - 2] ?? 0) + 1, most - 1, most]) {
			const text = 'é'.repeat(length >> 1) + 'a'.repeat(length & 1);
			expect(qrCode(text)?.length).toBe(17 + 4 * version);
			expect(maskOf(text)).toBeDefined();
		}
	},
);

it('any text is drawn as by another implementation, and one that is too long not at all', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
			expect(maskOf(text)).toBeDefined();
		}),
		{ numRuns: 40 },
	);
	expect(qrCode('a'.repeat(858))?.length).toBe(97);
	expect(qrCode('a'.repeat(859))).toBeUndefined();
});

it('the mask is nearly always the one that another implementation finds easiest to read', () => {
	const texts = Array.from({ length: 200 }, (_, index) => `xmpp:${index}@${'b'.repeat(index)}`);
	const chosen = texts.map((text) => [maskOf(text), encode(text, { ecc: 'L' }).maskPattern]);
	expect(chosen.filter(([ours, theirs]) => ours === theirs).length).toBeGreaterThan(150);
	expect(new Set(chosen.map(([ours]) => ours)).size).toBe(8);
});
