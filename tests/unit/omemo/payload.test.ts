import { createCipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openPayload, sealPayload } from '../../../src/omemo/payload.ts';

it('a payload comes back as it was sealed, and in no other way', async () => {
	await fc.assert(
		fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(), async (text, bit) => {
			const { keyAndTag, iv, payload } = await sealPayload(text);
			expect(keyAndTag.length).toBe(32);
			expect(payload.length).toBe(new TextEncoder().encode(text).length);
			expect(await openPayload(keyAndTag, iv, payload)).toBe(text);
			const altered = Uint8Array.from(keyAndTag);
			const index = bit % altered.length;
			altered[index] = (altered[index] ?? 0) ^ 1;
			await expect(openPayload(altered, iv, payload)).rejects.toMatchObject({
				code: 'payload-invalid',
			});
		}),
		{ numRuns: 40 },
	);
});

it.each([12, 16])('a payload of an old client, tag behind it, IV of %d bytes', async (length) => {
	const [key, iv] = [randomBytes(16), randomBytes(length)];
	const cipher = createCipheriv('aes-128-gcm', key, iv);
	const sealed = Buffer.concat([cipher.update('old times'), cipher.final(), cipher.getAuthTag()]);
	const text = await openPayload(key, Uint8Array.from(iv), sealed);
	expect(text).toBe('old times');
});

it.each([
	[0, 12],
	[15, 12],
	[33, 12],
	[32, 0],
	[32, 13],
])('a key of %d bytes with an IV of %d is refused', async (key, iv) => {
	await expect(
		openPayload(new Uint8Array(key), new Uint8Array(iv), new Uint8Array(40)),
	).rejects.toMatchObject({ code: 'payload-invalid' });
});

it.each(['\ufeff', '\ufeff\ufeffhello', 'a\ufeff'])(
	'a byte order mark is text like any other: %j',
	async (text) => {
		const { keyAndTag, iv, payload } = await sealPayload(text);
		expect(await openPayload(keyAndTag, iv, payload)).toBe(text);
	},
);

it('what is no UTF-8 is refused', async () => {
	const [key, iv] = [randomBytes(16), randomBytes(12)];
	const cipher = createCipheriv('aes-128-gcm', key, iv);
	const sealed = Buffer.concat([
		cipher.update(Uint8Array.of(0x61, 0xff)),
		cipher.final(),
		cipher.getAuthTag(),
	]);
	await expect(openPayload(key, Uint8Array.from(iv), sealed)).rejects.toMatchObject({
		code: 'payload-invalid',
	});
});
