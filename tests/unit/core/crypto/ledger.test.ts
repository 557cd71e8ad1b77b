import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Bytes, concatBytes, equalBytes } from '../../../../src/core/bytes.ts';
import {
	importMediaKeys,
	MAX_PLAINTEXT,
	openSegments,
	type SegmentCipher,
} from '../../../../src/core/crypto/gcm.ts';
import { createLedger, type Ledger } from '../../../../src/core/crypto/ledger.ts';
import { codeOf, flipBit, noise, oneShot, readVectorBytes, readVectors } from '../support.ts';

const KEY = noise(32, 21);
const IVS = [noise(12, 22), noise(16, 23)] as const;
const SEGMENT = 64;
let ciphers: readonly SegmentCipher[] = [];

beforeAll(async () => {
	const keys = await importMediaKeys(KEY);
	ciphers = await Promise.all(IVS.map((iv) => openSegments({ keys, iv })));
});

const cipherAt = (index: number) => ciphers[index] as SegmentCipher;

/** Counts a file's segments in the order given. */
async function count(
	cipher: SegmentCipher,
	ciphertext: Bytes,
	segmentSize: number,
	order?: readonly number[],
): Promise<Ledger> {
	const ledger = createLedger({ cipher, size: ciphertext.length, segmentSize });
	for (const index of order ?? Array.from({ length: ledger.segments }, (_, i) => i)) {
		const start = index * segmentSize;
		const piece = ciphertext.subarray(start, start + ledger.lengthOf(index));
		ledger.add(index, await cipher.ghash(piece));
	}
	return ledger;
}

describe('the tag', () => {
	it.each([0, 1])('is that of one-shot at every length, IV %i', async (which) => {
		const iv = IVS[which as 0 | 1];
		const lengths = [0, 1, 15, 16, 17, 63, 64, 65, 79, 80, 81, 127, 128, 129, 3 * SEGMENT + 5];
		for (const length of lengths) {
			const body = await oneShot(KEY, iv, noise(length));
			const ledger = await count(cipherAt(which), body.slice(0, length), SEGMENT);
			expect(ledger.complete).toBe(true);
			expect(ledger.tag()).toEqual(body.slice(length));
		}
	});

	it('is the same in any order of segments', async () => {
		const size = 11 * SEGMENT + 5;
		const body = await oneShot(KEY, IVS[1], noise(size));
		const indexes = Array.from({ length: 12 }, (_, index) => index);
		await fc.assert(
			fc.asyncProperty(
				fc.shuffledSubarray(indexes, { minLength: 12, maxLength: 12 }),
				async (order) => {
					const ledger = await count(cipherAt(1), body.slice(0, size), SEGMENT, order);
					expect(ledger.tag()).toEqual(body.slice(size));
				},
			),
		);
	});

	it('is that of a file of more than 768 KiB, from its end', async () => {
		const size = 768 * 1024 + 5;
		const body = await oneShot(KEY, IVS[1], noise(size));
		const ledger = await count(cipherAt(1), body.slice(0, size), 256 * 1024, [3, 2, 1, 0]);
		expect(ledger.segments).toBe(4);
		expect(ledger.lengthOf(3)).toBe(5);
		expect(ledger.tag()).toEqual(body.slice(size));
	});

	it('is found wherever network reads cut the body, also within the tag', async () => {
		const size = 3 * SEGMENT + 5;
		const body = await oneShot(KEY, IVS[0], noise(size));
		for (let cut = size - 1; cut <= body.length; cut++) {
			const joined = concatBytes(body.subarray(0, cut), body.subarray(cut));
			const ledger = await count(cipherAt(0), joined.slice(0, size), SEGMENT);
			expect(equalBytes(ledger.tag(), joined.subarray(size))).toBe(true);
		}
	});

	it('is that of a real file of another client', async () => {
		const { iv, key } = readVectors<{ iv: string; key: string }>('profanity/profanity-png.json');
		const body = readVectorBytes('profanity/profanity-plain.png.aesgcm');
		const keys = await importMediaKeys(Uint8Array.from(Buffer.from(key, 'hex')));
		const cipher = await openSegments({ keys, iv: Uint8Array.from(Buffer.from(iv, 'hex')) });
		const ledger = await count(cipher, body.slice(0, -16), 1024, [
			...[12, 0, 11, 1, 10, 2, 9],
			...[3, 8, 4, 7, 5, 6],
		]);
		expect(ledger.tag()).toEqual(body.slice(-16));
	});

	it('changes with any bit, with two segments exchanged, and with the size', async () => {
		const size = 4 * SEGMENT;
		const body = await oneShot(KEY, IVS[0], noise(size));
		const ciphertext = body.slice(0, size);
		await fc.assert(
			fc.asyncProperty(fc.nat(8 * size - 1), async (bit) => {
				const ledger = await count(cipherAt(0), flipBit(ciphertext, bit), SEGMENT);
				expect(equalBytes(ledger.tag(), body.slice(size))).toBe(false);
			}),
		);
		const exchanged = concatBytes(ciphertext.slice(SEGMENT), ciphertext.slice(0, SEGMENT));
		for (const altered of [
			exchanged,
			ciphertext.slice(0, -1),
			ciphertext.slice(0, -16),
			concatBytes(ciphertext, new Uint8Array(1)),
			concatBytes(ciphertext, new Uint8Array(16)),
		]) {
			const ledger = await count(cipherAt(0), altered, SEGMENT);
			expect(equalBytes(ledger.tag(), body.slice(size))).toBe(false);
		}
	});

	it('is not known before every segment is', async () => {
		const ledger = createLedger({ cipher: cipherAt(0), size: 3 * SEGMENT, segmentSize: SEGMENT });
		for (const index of [2, 0]) {
			ledger.add(index, noise(16));
			expect(ledger.complete).toBe(false);
			expect(() => ledger.tag()).toThrow(RangeError);
		}
		ledger.add(1, noise(16));
		expect(ledger.complete).toBe(true);
		expect(ledger.tag()).toHaveLength(16);
	});
});

describe('counting', () => {
	const create = (size: number, segmentSize = SEGMENT) =>
		createLedger({ cipher: cipherAt(0), size, segmentSize });

	it('knows how long each segment is', () => {
		const ledger = create(2 * SEGMENT + 1);
		expect([ledger.size, ledger.segmentSize, ledger.segments]).toEqual([129, 64, 3]);
		expect([0, 1, 2].map(ledger.lengthOf)).toEqual([64, 64, 1]);
		expect(create(2 * SEGMENT).lengthOf(1)).toBe(64);
		expect(create(1).lengthOf(0)).toBe(1);
	});

	it('adds up the bytes, each segment once', () => {
		const ledger = create(2 * SEGMENT + 1);
		const counted: number[] = [];
		for (const index of [2, 2, 0, 0, 1, 1]) {
			ledger.add(index, noise(16, index));
			counted.push(ledger.counted);
		}
		expect(counted).toEqual([1, 1, 65, 65, 129, 129]);
	});

	it('is complete from the start for nothing', () => {
		const ledger = create(0);
		expect([ledger.segments, ledger.counted, ledger.complete]).toEqual([0, 0, true]);
		expect(() => ledger.add(0, noise(16))).toThrow(RangeError);
	});

	it('is write-once', () => {
		const ledger = create(2 * SEGMENT);
		const first = noise(16, 1);
		ledger.add(0, first);
		expect(codeOf(() => ledger.add(0, first))).toBeUndefined();
		for (let bit = 0; bit < 128; bit++)
			expect(codeOf(() => ledger.add(0, flipBit(first, bit)))).toBe('tampered');
		expect(ledger.get(0)).toEqual(first);
		expect(ledger.counted).toBe(SEGMENT);
		expect(codeOf(() => ledger.add(1, flipBit(first, 0)))).toBeUndefined();
	});

	it('keeps what was counted when the array it came in changes', () => {
		const ledger = create(SEGMENT);
		const partial = noise(16, 1);
		ledger.add(0, partial);
		partial.fill(0);
		expect(ledger.get(0)).toEqual(noise(16, 1));
		expect(codeOf(() => ledger.add(0, partial))).toBe('tampered');
	});

	it('knows nothing of what was not counted', () => {
		const ledger = create(2 * SEGMENT);
		ledger.add(1, noise(16));
		expect(ledger.get(0)).toBeUndefined();
		expect(ledger.get(7)).toBeUndefined();
	});

	it.each([-1, 2, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses segment %d', (index) => {
		const ledger = create(2 * SEGMENT);
		expect(() => ledger.add(index, noise(16))).toThrow(RangeError);
		expect(() => ledger.lengthOf(index)).toThrow(RangeError);
		expect(ledger.counted).toBe(0);
	});

	it.each([0, 12, 15, 17, 32])('refuses a GHASH of %i bytes', (length) => {
		const ledger = create(SEGMENT);
		expect(() => ledger.add(0, noise(length))).toThrow(RangeError);
		expect(ledger.complete).toBe(false);
	});

	it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses the size %d', (size) => {
		expect(() => create(size)).toThrow(RangeError);
	});

	it.each([0, -16, 8, 17, 0.5, Number.NaN])('refuses segments of %d bytes', (segmentSize) => {
		expect(() => create(100, segmentSize)).toThrow(RangeError);
	});

	it('refuses what AES-GCM cannot protect', () => {
		expect(codeOf(() => create(MAX_PLAINTEXT, 2 ** 18))).toBeUndefined();
		expect(codeOf(() => create(MAX_PLAINTEXT + 1, 2 ** 18))).toBe('too-large');
	});
});
