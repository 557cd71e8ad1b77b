import { createCipheriv, createDecipheriv } from 'node:crypto';
import { gcm as nobleGcm } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Bytes, concatBytes, fromHex, toHex } from '../../../../src/core/bytes.ts';
import {
	BLOCK_LENGTH,
	importMediaKeys,
	MAX_PLAINTEXT,
	openSegments,
	type SegmentCipher,
} from '../../../../src/core/crypto/gcm.ts';
import {
	flipBit,
	ivForCounter,
	noise,
	offsetView,
	oneShot,
	readVectorBytes,
	readVectors,
} from '../support.ts';

interface GcmVectors {
	readonly cases: readonly {
		readonly key: string;
		readonly iv: string;
		readonly ct: string;
		readonly tag: string;
		readonly pt?: string;
		readonly fail?: true;
		readonly note?: string;
	}[];
}

const KEY = noise(32, 77);
const IVS = [noise(12, 5), noise(16, 9)];
const hex = (text: string): Bytes => fromHex(text) ?? new Uint8Array(0);
const cases = readVectors<GcmVectors>('gcm.json').cases.map((vector, index) => ({
	name: vector.note ?? `NIST case ${index}`,
	key: hex(vector.key),
	iv: hex(vector.iv),
	ciphertext: hex(vector.ct),
	tag: hex(vector.tag),
	plain: vector.pt === undefined ? undefined : hex(vector.pt),
	fails: vector.fail === true,
}));
const wrapping = cases[2];

async function cipherOf(key: Uint8Array, iv: Uint8Array): Promise<SegmentCipher> {
	return openSegments({ keys: await importMediaKeys(key), iv });
}

/** The tag by pieces of a size, joined from the first on. */
async function tagInPieces(cipher: SegmentCipher, bytes: Bytes, size: number): Promise<Bytes> {
	let y: Bytes = new Uint8Array(BLOCK_LENGTH);
	for (let offset = 0; offset < bytes.length; offset += size) {
		const piece = offsetView(bytes.subarray(offset, offset + size));
		y = cipher.join(y, await cipher.ghash(piece), piece.length);
	}
	return cipher.tag(y, bytes.length);
}

async function inPieces(
	bytes: Bytes,
	size: number,
	run: (offset: number, piece: Bytes) => Promise<Bytes>,
): Promise<Bytes> {
	const pieces: Bytes[] = [];
	for (let offset = 0; offset < bytes.length; offset += size)
		pieces.push(await run(offset, offsetView(bytes.subarray(offset, offset + size))));
	return concatBytes(...pieces);
}

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
	return promise.then(
		() => undefined,
		(thrown: unknown) => (thrown as { code?: unknown }).code ?? thrown,
	);
}

/** An IV of 16 bytes whose counter wraps `blocks` blocks after the first of the file. */
function ivBeforeWrap(key: Uint8Array, blocks: number): Bytes {
	const j0 = noise(16, 31);
	new DataView(j0.buffer).setUint32(12, 2 ** 32 - 1 - blocks);
	return ivForCounter(key, j0);
}

afterEach(() => {
	vi.restoreAllMocks();
});

describe.each(cases)('vector: $name', ({ key, iv, ciphertext, tag, plain, fails }) => {
	it('whole', async () => {
		const cipher = await cipherOf(key, offsetView(iv));
		const ghash = await cipher.ghash(ciphertext);
		const expected = cipher.tag(ghash, ciphertext.length);
		if (fails) expect(expected).not.toEqual(tag);
		else expect(expected).toEqual(tag);
		if (plain === undefined) return;
		expect(await cipher.decrypt(0, ciphertext)).toEqual(plain);
		expect(await cipher.encrypt(0, plain)).toEqual(ciphertext);
		expect(await cipher.open(0, ciphertext, ghash)).toEqual(plain);
		expect(await cipher.seal(0, plain)).toEqual({ bytes: ciphertext, ghash });
	});

	it.each([16, 32, 48, 112])('in pieces of %i', async (size) => {
		const cipher = await cipherOf(key, iv);
		const expected = await tagInPieces(cipher, ciphertext, size);
		if (fails) expect(expected).not.toEqual(tag);
		else expect(expected).toEqual(tag);
		if (plain === undefined) return;
		expect(await inPieces(ciphertext, size, cipher.decrypt)).toEqual(plain);
		expect(await inPieces(plain, size, cipher.encrypt)).toEqual(ciphertext);
		const opened = await inPieces(ciphertext, size, async (offset, piece) =>
			cipher.open(offset, piece, await cipher.ghash(piece)),
		);
		expect(opened).toEqual(plain);
	});

	it('byte by byte', async () => {
		if (plain === undefined) return;
		const cipher = await cipherOf(key, iv);
		for (let end = 1; end <= ciphertext.length; end++) {
			const start = Math.floor((end - 1) / BLOCK_LENGTH) * BLOCK_LENGTH;
			const piece = ciphertext.subarray(start, end);
			expect(await cipher.decrypt(start, piece)).toEqual(plain.slice(start, end));
			expect(await cipher.decrypt(0, ciphertext.subarray(0, end))).toEqual(plain.slice(0, end));
			expect(await cipher.encrypt(start, plain.subarray(start, end))).toEqual(piece);
			const sealed = await cipher.seal(start, plain.subarray(start, end));
			expect(sealed.bytes).toEqual(piece);
			expect(sealed.ghash).toEqual(await cipher.ghash(piece));
			expect(await cipher.open(start, piece, sealed.ghash)).toEqual(plain.slice(start, end));
		}
	});
});

describe('a real file of another client', () => {
	const { iv, key, ...files } = readVectors<Record<string, string>>('profanity/profanity-png.json');
	const body = readVectorBytes(`profanity/${files['ciphertext_file']}`);
	const plain = readVectorBytes(`profanity/${files['plaintext_file']}`);

	it.each([16, 1024, 4096, 65_536])('opens byte for byte in pieces of %i', async (size) => {
		const cipher = await cipherOf(hex(key ?? ''), hex(iv ?? ''));
		const ciphertext = body.slice(0, -16);
		expect(toHex(await tagInPieces(cipher, ciphertext, size))).toBe(toHex(body.slice(-16)));
		const opened = await inPieces(ciphertext, size, cipher.decrypt);
		expect(Buffer.compare(opened, plain)).toBe(0);
	});
});

describe('against other implementations', () => {
	const segment = 4096;
	const lengths = [0, 1, 15, 16, 17, 31, 32, 33];
	const around = [-17, -16, -15, -1, 0, 1, 15, 16, 17].map((difference) => segment + difference);

	it.each(IVS)('one-shot and noble agree at every boundary, IV %#', async (iv) => {
		const cipher = await cipherOf(KEY, iv);
		for (const length of [...lengths, ...around, 3 * segment, 3 * segment + 5]) {
			const plain = noise(length, length);
			const reference = await oneShot(KEY, iv, plain);
			expect(toHex(reference)).toBe(toHex(nobleGcm(KEY, iv).encrypt(plain)));
			const [ciphertext, tag] = [reference.slice(0, length), reference.slice(length)];
			expect(await inPieces(plain, segment, cipher.encrypt)).toEqual(ciphertext);
			expect(await inPieces(ciphertext, segment, cipher.decrypt)).toEqual(plain);
			expect(await tagInPieces(cipher, ciphertext, segment)).toEqual(tag);
		}
	});

	it.each([
		['12', IVS[0]],
		['16', IVS[1]],
	])('a file of more than 768 KiB, IV of %s bytes', async (_, iv = new Uint8Array(0)) => {
		const cipher = await cipherOf(KEY, iv);
		const plain = noise(768 * 1024 + 5, 3);
		const reference = nobleGcm(KEY, iv).encrypt(plain);
		for (const size of [16_384, 65_536, 262_144]) {
			const sealed: Bytes[] = [];
			let y: Bytes = new Uint8Array(BLOCK_LENGTH);
			for (let offset = 0; offset < plain.length; offset += size) {
				const piece = await cipher.seal(offset, plain.subarray(offset, offset + size));
				sealed.push(piece.bytes);
				y = cipher.join(y, piece.ghash, piece.bytes.length);
			}
			const body = concatBytes(...sealed, cipher.tag(y, plain.length));
			expect(Buffer.compare(body, reference)).toBe(0);
		}
	});

	it('IVs of any other length, as the specification has them', async () => {
		const plain = noise(100, 8);
		for (const length of [8, 11, 13, 15, 17, 31, 32, 33, 60, 128]) {
			const iv = noise(length, length);
			const cipher = await cipherOf(KEY, iv);
			const { bytes, ghash } = await cipher.seal(0, plain);
			// Node's WebCrypto takes no IV of fewer than 12 bytes.
			const reference = nobleGcm(KEY, iv).encrypt(plain);
			expect(toHex(concatBytes(bytes, cipher.tag(ghash, 100)))).toBe(toHex(reference));
		}
	});

	it('any cut into two pieces, any operation', async () => {
		const ciphers = await Promise.all(IVS.map((iv) => cipherOf(KEY, iv)));
		await fc.assert(
			fc.asyncProperty(fc.nat(1), fc.nat(600), fc.nat(40), async (which, length, cutBlocks) => {
				const cipher = ciphers[which] as SegmentCipher;
				const plain = noise(length, length + 1);
				const reference = await oneShot(KEY, IVS[which] ?? plain, plain);
				const cut = Math.min(cutBlocks * BLOCK_LENGTH, length - (length % BLOCK_LENGTH));
				const [first, second] = [plain.slice(0, cut), plain.slice(cut)];
				const a = await cipher.seal(0, first);
				const b = await cipher.seal(cut, second);
				expect(a.bytes).toEqual(await cipher.encrypt(0, first));
				expect(b.bytes).toEqual(await cipher.encrypt(cut, second));
				expect(a.ghash).toEqual(await cipher.ghash(a.bytes));
				expect(b.ghash).toEqual(await cipher.ghash(b.bytes));
				expect(await cipher.open(0, a.bytes, a.ghash)).toEqual(first);
				expect(await cipher.open(cut, b.bytes, b.ghash)).toEqual(second);
				expect(await cipher.decrypt(cut, b.bytes)).toEqual(second);
				const y = cipher.join(a.ghash, b.ghash, b.bytes.length);
				expect(y).toEqual(await cipher.ghash(concatBytes(a.bytes, b.bytes)));
				const body = concatBytes(a.bytes, b.bytes, cipher.tag(y, length));
				expect(toHex(body)).toBe(toHex(reference));
			}),
		);
	});

	it('lengths that need the upper word of the length block', async () => {
		// 2^29 bytes are 2^32 bits. The GHASH of that many zeros is zero, whatever H is.
		const cipher = await cipherOf(KEY, IVS[0] as Bytes);
		const zero = new Uint8Array(16);
		const lengthBlock = new Uint8Array(16);
		for (const length of [2 ** 29 - 1, 2 ** 29, 2 ** 32 + 5, MAX_PLAINTEXT]) {
			new DataView(lengthBlock.buffer).setBigUint64(8, BigInt(length) * 8n);
			// tag(Y, 0) is Y.H xor mask: with the length block for Y it must be the same.
			expect(cipher.tag(zero, length)).toEqual(cipher.tag(lengthBlock, 0));
		}
	});
});

describe('the counter', () => {
	it('wraps at any block, in every operation', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.nat(40),
				fc.integer({ min: 1, max: 700 }),
				fc.nat(40),
				async (blocks, length, offsetBlocks) => {
					const iv = ivBeforeWrap(KEY, blocks);
					const cipher = await cipherOf(KEY, iv);
					const plain = noise(length, length);
					const reference = await oneShot(KEY, iv, plain);
					const offset = Math.min(offsetBlocks * 16, length - (length % 16));
					const [from, part] = [reference.slice(offset, length), plain.slice(offset)];
					expect(await cipher.decrypt(offset, from)).toEqual(part);
					expect(await cipher.encrypt(offset, part)).toEqual(from);
					const ghash = await cipher.ghash(from);
					expect(await cipher.open(offset, from, ghash)).toEqual(part);
					expect(await cipher.seal(offset, part)).toEqual({ bytes: from, ghash });
					const whole = await cipher.ghash(reference.subarray(0, length));
					expect(cipher.tag(whole, length)).toEqual(reference.slice(length));
				},
			),
		);
	});

	it('never wraps within one native call', async () => {
		const decrypt = vi.spyOn(crypto.subtle, 'decrypt');
		const encrypt = vi.spyOn(crypto.subtle, 'encrypt');
		for (const blocks of [0, 1, 2, 5, 20, 23, 24, 25]) {
			const iv = ivBeforeWrap(KEY, blocks);
			const cipher = await cipherOf(KEY, iv);
			// 24 blocks: the last of them may be the last before the wrap.
			const plain = noise(24 * 16);
			for (const offset of [0, 16, 16 * blocks, 16 * 20].filter((start) => start < plain.length)) {
				for (const spy of [decrypt, encrypt]) {
					spy.mockClear();
					const operation = spy === decrypt ? cipher.decrypt : cipher.encrypt;
					const part = plain.subarray(offset);
					await operation(offset, part);
					let bytes = 0;
					for (const [algorithm, , data] of spy.mock.calls) {
						const { name, counter, length } = algorithm as AesCtrParams;
						const view = counter as Uint8Array;
						const first = new DataView(view.buffer, view.byteOffset).getUint32(12);
						const size = (data as Uint8Array).byteLength;
						expect([name, length]).toEqual(['AES-CTR', 32]);
						expect(first + Math.ceil(size / 16)).toBeLessThanOrEqual(2 ** 32);
						bytes += size;
					}
					expect(bytes).toBe(part.length);
					const crosses = offset / 16 < blocks && blocks * 16 < plain.length;
					expect(spy.mock.calls).toHaveLength(crosses ? 2 : 1);
				}
			}
		}
	});

	it('has the wrap of the vector where its note says', async () => {
		const decrypt = vi.spyOn(crypto.subtle, 'decrypt');
		if (wrapping === undefined) throw new Error('the vector is missing');
		const cipher = await cipherOf(wrapping.key, wrapping.iv);
		await cipher.decrypt(0, wrapping.ciphertext);
		const sizes = decrypt.mock.calls.map(([, , data]) => (data as Uint8Array).byteLength);
		expect(sizes).toEqual([5 * 16, wrapping.ciphertext.length - 5 * 16]);
	});

	it.each(IVS)('is right beyond 4 GiB, in every operation, IV %#', async (iv) => {
		const cipher = await cipherOf(KEY, iv);
		// The tag of nothing is E_K(J0).
		const aes = createDecipheriv('aes-256-ecb', KEY, null).setAutoPadding(false);
		const j0 = aes.update(cipher.tag(new Uint8Array(16), 0));
		const plain = noise(5 * 16 + 3);
		for (const offset of [2 ** 31, 2 ** 32 - 32, 2 ** 32, 2 ** 32 + 48, 5 * 2 ** 32, 2 ** 35]) {
			const counter = Buffer.from(j0);
			counter.writeUInt32BE((counter.readUInt32BE(12) + 1 + offset / 16) % 2 ** 32, 12);
			const theirs = Uint8Array.from(createCipheriv('aes-256-ctr', KEY, counter).update(plain));
			const ghash = await cipher.ghash(theirs);
			expect(await cipher.seal(offset, plain)).toEqual({ bytes: theirs, ghash });
			expect(await cipher.encrypt(offset, plain)).toEqual(theirs);
			expect(await cipher.decrypt(offset, theirs)).toEqual(plain);
			expect(await cipher.open(offset, theirs, ghash)).toEqual(plain);
		}
	});

	it('reaches the last byte that GCM allows', async () => {
		const cipher = await cipherOf(KEY, IVS[0] as Bytes);
		const last = MAX_PLAINTEXT - 16;
		const plain = noise(16);
		expect(await cipher.decrypt(last, await cipher.encrypt(last, plain))).toEqual(plain);
		// Counter 0xffffffff: J0 ends in 1, the last block's in 2^32 - 1.
		const block = concatBytes(IVS[0] as Bytes, Uint8Array.of(255, 255, 255, 255));
		const aes = createCipheriv('aes-256-ecb', KEY, null);
		const keystream = Uint8Array.from(aes.update(block));
		expect(await cipher.encrypt(last, new Uint8Array(16))).toEqual(keystream);
	});

	it.each([1, 15, 17, -16, 0.5, Number.NaN, Number.POSITIVE_INFINITY, MAX_PLAINTEXT + 16, 2 ** 53])(
		'refuses the offset %d',
		async (offset) => {
			const cipher = await cipherOf(KEY, IVS[0] as Bytes);
			const bytes = noise(16);
			for (const run of [
				cipher.decrypt(offset, bytes),
				cipher.encrypt(offset, bytes),
				cipher.seal(offset, bytes),
				cipher.open(offset, bytes, bytes),
			])
				expect(await rejectionOf(run)).toBeInstanceOf(RangeError);
		},
	);
});

describe('tampering', () => {
	const length = 100;

	it('with any bit of the ciphertext gives another tag and does not open', async () => {
		const ciphers = await Promise.all(IVS.map((iv) => cipherOf(KEY, iv)));
		for (const cipher of ciphers) {
			const { bytes, ghash } = await cipher.seal(32, noise(length));
			const tag = cipher.tag(ghash, length);
			await fc.assert(
				fc.asyncProperty(fc.nat(8 * length - 1), async (bit) => {
					const altered = flipBit(bytes, bit);
					const other = await cipher.ghash(altered);
					expect(other).not.toEqual(ghash);
					expect(cipher.tag(other, length)).not.toEqual(tag);
					expect(await rejectionOf(cipher.open(32, altered, ghash))).toBe('tampered');
				}),
			);
		}
	});

	it('with any bit of a GHASH does not open, and gives another tag', async () => {
		const cipher = await cipherOf(KEY, IVS[0] as Bytes);
		const { bytes, ghash } = await cipher.seal(0, noise(length));
		for (let bit = 0; bit < 128; bit++) {
			const altered = flipBit(ghash, bit);
			expect(await rejectionOf(cipher.open(0, bytes, altered))).toBe('tampered');
			expect(cipher.tag(altered, length)).not.toEqual(cipher.tag(ghash, length));
		}
	});

	it('with the length gives another tag', async () => {
		const cipher = await cipherOf(KEY, IVS[0] as Bytes);
		const { bytes, ghash } = await cipher.seal(0, noise(40));
		for (const length of [0, 16, 32, 39, 41, 48, 64])
			expect(cipher.tag(ghash, length)).not.toEqual(cipher.tag(ghash, 40));
		for (const cut of [0, 16, 32, 39])
			expect(await rejectionOf(cipher.open(0, bytes.slice(0, cut), ghash))).toBe('tampered');
		const longer = concatBytes(bytes, new Uint8Array(16));
		expect(await rejectionOf(cipher.open(0, longer, ghash))).toBe('tampered');
	});

	it('with zeros that a GHASH cannot see is left to who knows the length', async () => {
		// GHASH begins at zero and pads with zeros; only the whole file's tag holds a length.
		const cipher = await cipherOf(KEY, IVS[0] as Bytes);
		const bytes = noise(40);
		const ghash = await cipher.ghash(bytes);
		expect(await cipher.ghash(concatBytes(bytes, new Uint8Array(8)))).toEqual(ghash);
		expect(await cipher.ghash(concatBytes(new Uint8Array(32), bytes))).toEqual(ghash);
		expect(await cipher.ghash(concatBytes(bytes, new Uint8Array(9)))).not.toEqual(ghash);
		expect(cipher.tag(ghash, 48)).not.toEqual(cipher.tag(ghash, 40));
	});

	it('with the order of pieces gives another tag', async () => {
		const cipher = await cipherOf(KEY, IVS[0] as Bytes);
		const [a, b] = [await cipher.ghash(noise(32, 1)), await cipher.ghash(noise(32, 2))];
		expect(cipher.join(a, b, 32)).not.toEqual(cipher.join(b, a, 32));
	});

	it('with the IV or the key gives another tag', async () => {
		const bytes = noise(64);
		const tags = await Promise.all(
			[
				cipherOf(KEY, IVS[0] as Bytes),
				cipherOf(KEY, IVS[1] as Bytes),
				cipherOf(flipBit(KEY, 7), IVS[0] as Bytes),
				cipherOf(KEY, flipBit(IVS[0] as Bytes, 95)),
			].map(async (made) => {
				const cipher = await made;
				return toHex(cipher.tag(await cipher.ghash(bytes), 64));
			}),
		);
		expect(new Set(tags).size).toBe(4);
	});

	it('says nothing but that it was', async () => {
		const cipher = await cipherOf(KEY, IVS[0] as Bytes);
		const thrown = await cipher.open(0, noise(16), noise(16)).catch((error: unknown) => error);
		expect(thrown).toMatchObject({ code: 'tampered', message: 'tampered', detail: {} });
		expect('cause' in (thrown as Error)).toBe(false);
	});
});

describe('nothing at all', () => {
	it.each(IVS)('has the tag of one-shot, IV %#', async (iv) => {
		const cipher = await cipherOf(KEY, iv);
		const zero = new Uint8Array(16);
		const nothing = new Uint8Array(0);
		expect(await cipher.ghash(nothing)).toEqual(zero);
		expect(cipher.tag(zero, 0)).toEqual(await oneShot(KEY, iv, nothing));
		expect(await cipher.decrypt(0, nothing)).toEqual(nothing);
		expect(await cipher.encrypt(0, nothing)).toEqual(nothing);
		expect(await cipher.seal(0, nothing)).toEqual({ bytes: nothing, ghash: zero });
		expect(await cipher.open(0, nothing, zero)).toEqual(nothing);
		expect(cipher.join(noise(16), zero, 0)).toEqual(noise(16));
	});
});

describe('joining', () => {
	it('is right for more different lengths than are remembered', async () => {
		const cipher = await cipherOf(KEY, IVS[0] as Bytes);
		const first = await cipher.ghash(noise(16));
		expect(cipher.join(first, new Uint8Array(16), 0)).toEqual(first);
		for (let round = 0; round < 2; round++)
			for (let blocks = 80; blocks > 0; blocks--) {
				const second = noise(16 * blocks, blocks);
				const joined = cipher.join(first, await cipher.ghash(second), second.length);
				expect(joined).toEqual(await cipher.ghash(concatBytes(noise(16), second)));
			}
	});
});

describe('keys and IVs', () => {
	it('are not extractable', async () => {
		const { ctr, gcm } = await importMediaKeys(KEY);
		expect([ctr.extractable, gcm.extractable]).toEqual([false, false]);
	});

	it('leave what was given as it was', async () => {
		const [key, iv] = [Uint8Array.from(KEY), noise(16, 2)];
		const before = [toHex(key), toHex(iv)];
		const cipher = await cipherOf(key, iv);
		await cipher.decrypt(0, noise(40));
		expect([toHex(key), toHex(iv)]).toEqual(before);
	});

	it('may be read from within a larger buffer', async () => {
		const a = await cipherOf(offsetView(KEY), offsetView(IVS[1] as Bytes));
		const b = await cipherOf(KEY, IVS[1] as Bytes);
		expect(await a.encrypt(16, offsetView(noise(50)))).toEqual(await b.encrypt(16, noise(50)));
	});

	it('do not change with the array that the IV came in', async () => {
		const iv = noise(12, 4);
		const cipher = await cipherOf(KEY, iv);
		const before = await cipher.encrypt(0, noise(20));
		iv.fill(0);
		expect(await cipher.encrypt(0, noise(20))).toEqual(before);
	});

	it.each([0, 16, 24, 31, 33, 64])('refuse a key of %i bytes', async (length) => {
		expect(await rejectionOf(importMediaKeys(noise(length)))).toBe('uri-invalid');
	});

	it('refuse an empty IV', async () => {
		expect(await rejectionOf(cipherOf(KEY, new Uint8Array(0)))).toBe('uri-invalid');
	});
});
