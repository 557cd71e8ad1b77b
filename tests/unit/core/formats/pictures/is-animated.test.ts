import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAnimated } from '../../../../../src/core/formats/pictures/is-animated.ts';
import { bytesOf, type Part } from '../../support.ts';

const be32 = (value: number) =>
	Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const chunk = (name: string, ...content: Part[]) => {
	const body = bytesOf(...content);
	return bytesOf(be32(body.length), name, body, be32(0));
};
const png = (...chunks: Uint8Array[]) =>
	bytesOf(0x89, 'PNG\r\n', 0x1a, '\n', chunk('IHDR', new Uint8Array(13)), ...chunks);
const webp = (name: string, flags: number) =>
	bytesOf('RIFF', be32(0), 'WEBP', name, be32(0), flags, new Uint8Array(20));
const avif = (...brands: string[]) =>
	bytesOf(be32(16 + 4 * brands.length), 'ftyp', 'avif', be32(0), ...brands, 'meta');

describe('a picture moves', () => {
	for (const [what, type, bytes, wanted] of [
		['a JPEG', 'image/jpeg', bytesOf(0xff, 0xd8, 0xff), false],
		['any GIF', 'image/gif', bytesOf('GIF89a'), true],
		['a PNG', 'image/png', png(chunk('IDAT', new Uint8Array(9))), false],
		['a PNG with an animation', 'image/png', png(chunk('iCCP', 'x'), chunk('acTL', be32(2))), true],
		['a PNG that says so too late', 'image/png', png(chunk('IDAT'), chunk('acTL')), false],
		['a simple WebP', 'image/webp', webp('VP8 ', 0xff), false],
		['an extended WebP', 'image/webp', webp('VP8X', 0x10), false],
		['an animated WebP', 'image/webp', webp('VP8X', 0x12), true],
		['an AVIF', 'image/avif', avif('avif', 'mif1', 'miaf'), false],
		['a sequence of AVIF', 'image/avif', avif('avif', 'avis', 'msf1'), true],
		['an AVIF that names the brand out of place', 'image/avif', avif('aavi', 'savi'), false],
	] as const)
		it(`${what}: ${wanted}`, () => {
			expect(isAnimated(bytes, type)).toBe(wanted);
		});

	it('or not, whatever the bytes', () => {
		const types = ['image/gif', 'image/png', 'image/webp', 'image/avif', 'image/jpeg', 'else'];
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...types), (bytes, type) => {
				expect(typeof isAnimated(bytes, type)).toBe('boolean');
				expect(isAnimated(bytesOf(0x89, 'PNG\r\n', 0x1a, '\n', bytes), 'image/png')).toBeTypeOf(
					'boolean',
				);
			}),
		);
	});
});
