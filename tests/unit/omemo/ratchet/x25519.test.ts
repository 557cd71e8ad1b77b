import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Bytes } from '../../../../src/core/bytes.ts';
import { LIBRARY, publicKeyOf } from '../../../../src/omemo/ratchet/library-x25519.ts';
import { arithmetic, NATIVE } from '../../../../src/omemo/ratchet/x25519.ts';

const hex = (text: string): Bytes => Uint8Array.from(Buffer.from(text, 'hex'));
const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Uint8Array.from(bytes));
const ALICE = hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a');
const ALICE_PUBLIC = hex('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
const BOB_PUBLIC = hex('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
const SECRET = hex('4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742');
/** Points of low order, some of them not in their shortest form (RFC 7748 section 6.1; cr.yp.to/ecdh.html). */
const LOW = [
	'0000000000000000000000000000000000000000000000000000000000000000',
	'0100000000000000000000000000000000000000000000000000000000000000',
	'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
	'5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
	'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
	'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
	'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

describe.each([
	["the library's", LIBRARY],
	["the browser's", NATIVE],
] as const)('%s', (_, { sharedSecret, generate }) => {
	it('agrees with itself', async () => {
		const [a, b] = [await generate(), await generate()];
		expect(publicKeyOf(a.privateKey)).toEqual(a.publicKey);
		expect(await sharedSecret(a.privateKey, b.publicKey)).toEqual(
			await sharedSecret(b.privateKey, a.publicKey),
		);
	});

	it('is what RFC 7748 section 6.1 says', async () => {
		expect(publicKeyOf(ALICE)).toEqual(ALICE_PUBLIC);
		expect(await sharedSecret(ALICE, BOB_PUBLIC)).toEqual(SECRET);
	});

	it.each(LOW)('refuses the point of low order %s', async (point) => {
		const { privateKey } = await generate();
		await expect(sharedSecret(privateKey, hex(point))).rejects.toThrow();
	});

	it('refuses what is no key', async () => {
		const { privateKey } = await generate();
		for (const length of [0, 31, 33])
			await expect(sharedSecret(privateKey, new Uint8Array(length))).rejects.toThrow();
	});
});

it('both give the same secret for any two keys, or none', async () => {
	const secrets = (privateKey: Bytes, publicKey: Bytes) =>
		Promise.all(
			[LIBRARY, NATIVE].map((one) =>
				one.sharedSecret(privateKey, publicKey).catch(() => undefined),
			),
		);
	await fc.assert(
		fc.asyncProperty(key, key, async (privateKey, publicKey) => {
			const [ours, theirs] = await secrets(privateKey, publicKey);
			expect(ours).toBeDefined();
			expect(theirs).toEqual(ours);
		}),
		{ numRuns: 50 },
	);
	expect(await secrets(new Uint8Array(32).fill(1), new Uint8Array(32).fill(255))).toSatisfy(
		([ours, theirs]) => String(ours) === String(theirs),
	);
});

describe('what is used', () => {
	afterEach(() => vi.restoreAllMocks());

	it('goes on without the browser where that refuses, and still takes no point of low order', async () => {
		const { sharedSecret, generate } = await arithmetic();
		const [a, b] = [await generate(), await generate()];
		const expected = await sharedSecret(a.privateKey, b.publicKey);
		const refuse = () => Promise.reject(new DOMException('', 'OperationError'));
		const derived = vi.spyOn(crypto.subtle, 'deriveBits').mockImplementation(refuse);
		vi.spyOn(crypto.subtle, 'generateKey').mockImplementation(refuse);
		expect(await sharedSecret(a.privateKey, b.publicKey)).toEqual(expected);
		expect(derived).toHaveBeenCalledOnce();
		const c = await generate();
		expect(publicKeyOf(c.privateKey)).toEqual(c.publicKey);
		for (const point of LOW) await expect(sharedSecret(a.privateKey, hex(point))).rejects.toThrow();
	});
});
