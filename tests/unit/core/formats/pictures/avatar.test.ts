import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bytes } from '../../../../../src/core/bytes.ts';
import {
	avatarFit,
	avatarId,
	checkAvatar,
	isAvatarId,
	MAX_AVATAR_BYTES,
	MAX_AVATAR_PIXELS,
} from '../../../../../src/core/formats/pictures/avatar.ts';

/** The head of a PNG of that size; enough for what is looked at. */
function png(width: number, height: number, length = 200): Bytes {
	const bytes = new Uint8Array(length);
	bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
	const view = new DataView(bytes.buffer);
	view.setUint32(16, width);
	view.setUint32(20, height);
	return bytes;
}

const text = (value: string): Bytes => new Uint8Array(new TextEncoder().encode(value));
/** A screen of 10x10, and a frame of 12000x12000. */
const gifBomb = Uint8Array.from([
	...[...'GIF89a'].map((letter) => letter.charCodeAt(0)),
	...[10, 0, 10, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 0xe0, 0x2e, 0xe0, 0x2e, 0, 2, 1, 0, 0, 0x3b],
]);
const check = async (bytes: Bytes) => checkAvatar(bytes, await avatarId(bytes));

describe('a picture of somebody', () => {
	it('is what was announced', async () => {
		const bytes = png(96, 96);
		expect(await check(bytes)).toMatchObject({ type: 'image/png', width: 96, height: 96 });
		expect(await checkAvatar(bytes, '0'.repeat(40))).toBeUndefined();
	});

	it.each([
		['larger than any avatar', png(96, 96, MAX_AVATAR_BYTES + 1)],
		['of many pixels', png(4097, 4096)],
		['small at first sight', gifBomb],
		['a drawing that could run scripts', text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
		['a page', text('<!doctype html><script>alert(1)</script>')],
		['nothing', new Uint8Array()],
		['without a size', png(0, 0).subarray(0, 12)],
	])('is not shown if it is %s', async (_, bytes) => {
		expect(await check(bytes)).toBeUndefined();
	});

	it('may be a photo, which is made small, or is shown if it cannot be', async () => {
		for (const [bytes, fit] of [
			[png(256, 256), 'small'],
			[png(1200, 1200, 1_000_000), 'large'],
			[png(4096, 4096), 'huge'],
			[text('GIF89a\x20\0\x20\0\0\0\0;'), 'large'],
		] as const)
			expect(avatarFit((await check(bytes)) ?? { bytes, type: '' })).toBe(fit);
		const photo = new Uint8Array(readFileSync('samples/balcony.jpg'));
		expect(await check(photo)).toMatchObject({ type: 'image/jpeg' });
	});

	it('of an older version is judged by its bytes again', () => {
		expect(avatarFit({ bytes: gifBomb, type: 'image/gif' })).toBe('refused');
		expect(avatarFit({ bytes: text('nothing'), type: 'image/png' })).toBe('refused');
	});

	it('has a name of forty lowercase hex digits', () => {
		expect(isAvatarId('a'.repeat(40))).toBe(true);
		for (const id of ['A'.repeat(40), 'a'.repeat(39), '', undefined, 7, '../../../'.repeat(14)])
			expect(isAvatarId(id)).toBe(false);
	});

	it('of any bytes fails only by not being shown', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (random) => {
				const bytes = png(64, 64);
				bytes.set(random.subarray(0, bytes.length - 16), 16);
				const image = await check(bytes);
				const pixels = (image?.width ?? 0) * (image?.height ?? 0);
				expect(pixels).toBeLessThanOrEqual(MAX_AVATAR_PIXELS);
			}),
		);
	});
});
