import { randomBytes, webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../../src/core/bytes.ts';
import { signXeddsa, verifyXeddsa } from '../../../../src/omemo/ratchet/xeddsa.ts';
import vectors from '../../../vectors/ratchet/axolotl.json' with { type: 'json' };
import { flipped, freshKeyPair } from './support.ts';

const P = 2n ** 255n - 19n;
const hex = (text: string) => fromHex(text) ?? expect.unreachable();

/** The Ed25519 key of an X25519 one, by the birational map of RFC 7748 section 4.1, worked out another way. */
function edwardsOf(publicKey: Uint8Array, sign: number): Uint8Array<ArrayBuffer> {
	const u = BigInt(`0x${Buffer.from(publicKey).reverse().toString('hex')}`);
	const power = (base: bigint, exponent: bigint): bigint => {
		let result = 1n;
		for (let b = base % P, e = exponent; e > 0n; e >>= 1n, b = (b * b) % P)
			if (e & 1n) result = (result * b) % P;
		return result;
	};
	const y = ((u - 1n + P) * power(u + 1n, P - 2n)) % P;
	const bytes = Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse();
	bytes[31] = (bytes[31] ?? 0) | sign;
	return Uint8Array.from(bytes);
}

describe('XEdDSA', () => {
	it.each(vectors.signatures)('accepts a signature of python-axolotl, $#', (vector) => {
		const [publicKey, message] = [hex(vector.publicKey), hex(vector.message)];
		expect(verifyXeddsa(publicKey, message, hex(vector.signature))).toBe(true);
	});

	it('signs so that Ed25519 of WebCrypto accepts it', async () => {
		for (let round = 0; round < 16; round++) {
			const pair = freshKeyPair();
			const message = randomBytes(round * 11);
			const signature = signXeddsa(pair, message);
			expect(verifyXeddsa(pair.publicKey, message, signature)).toBe(true);
			const raw = edwardsOf(pair.publicKey, 0);
			const key = await webcrypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
			expect(await webcrypto.subtle.verify('Ed25519', key, signature, message)).toBe(true);
		}
	});

	it('refuses whatever was changed', () => {
		const pair = freshKeyPair();
		const message = randomBytes(33);
		const signature = signXeddsa(pair, message);
		const signBit = 63 * 8 + 7;
		fc.assert(
			fc.property(
				fc.constantFrom('key', 'message', 'signature'),
				fc.nat(64 * 8 - 1),
				(part, bit) => {
					// The last bit of a key is no part of it (RFC 7748 section 5).
					fc.pre(part !== 'key' || bit % 256 !== 255);
					fc.pre(part !== 'signature' || bit !== signBit);
					const parts = { key: pair.publicKey, message: Uint8Array.from(message), signature };
					parts[part] = flipped(parts[part], bit);
					expect(verifyXeddsa(parts.key, parts.message, parts.signature)).toBe(false);
				},
			),
			{ numRuns: 60 },
		);
		expect(verifyXeddsa(pair.publicKey, message, flipped(signature, signBit))).toBe(false);
	});

	it('refuses keys and signatures that are none', () => {
		const message = randomBytes(8);
		const signature = signXeddsa(freshKeyPair(), message);
		const minusOne = Uint8Array.from(Buffer.from((P - 1n).toString(16), 'hex').reverse());
		for (const key of [
			new Uint8Array(32),
			new Uint8Array(31),
			minusOne,
			new Uint8Array(32).fill(255),
		]) {
			expect(verifyXeddsa(key, message, signature)).toBe(false);
			expect(verifyXeddsa(key, message, new Uint8Array(64))).toBe(false);
		}
		for (const length of [0, 63, 65])
			expect(verifyXeddsa(freshKeyPair().publicKey, message, new Uint8Array(length))).toBe(false);
	});
});
