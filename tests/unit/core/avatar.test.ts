import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { avatarId, checkAvatar, isAvatarId, MAX_AVATAR_BYTES } from '../../../src/core/avatar.ts';
import type { Bytes } from '../../../src/core/bytes.ts';

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
const check = async (bytes: Bytes) => checkAvatar(bytes, await avatarId(bytes));

describe('a picture of somebody', () => {
	it('is what was announced', async () => {
		const bytes = png(96, 96);
		expect(await check(bytes)).toMatchObject({ type: 'image/png', width: 96, height: 96 });
		expect(await checkAvatar(bytes, '0'.repeat(40))).toBeUndefined();
	});

	it.each([
		['larger than any avatar', png(96, 96, MAX_AVATAR_BYTES + 1)],
		['of many pixels', png(1025, 1)],
		['a drawing that could run scripts', text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
		['a page', text('<!doctype html><script>alert(1)</script>')],
		['nothing', new Uint8Array()],
		['without a size', png(0, 0).subarray(0, 12)],
	])('is not shown if it is %s', async (_, bytes) => {
		expect(await check(bytes)).toBeUndefined();
	});

	it('that is a photo in full size is too large', async () => {
		const photo = new Uint8Array(readFileSync('samples/balcony.jpg'));
		expect(await check(photo)).toBeUndefined();
	});

	it('has a name of forty lowercase hex digits', () => {
		expect(isAvatarId('a'.repeat(40))).toBe(true);
		for (const id of ['A'.repeat(40), 'a'.repeat(39), '', undefined, 7, '../'.repeat(14)])
			expect(isAvatarId(id)).toBe(false);
	});

	it('of any bytes fails only by not being shown', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (random) => {
				const bytes = png(64, 64);
				bytes.set(random.subarray(0, bytes.length - 16), 16);
				const image = await check(bytes);
				expect(image === undefined || Math.max(image.width, image.height) <= 1024).toBe(true);
			}),
		);
	});
});
