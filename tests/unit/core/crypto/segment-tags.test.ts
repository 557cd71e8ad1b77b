import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bytes, concatBytes } from '../../../../src/core/bytes.ts';
import { isMarked, newIv, segmentTagKey } from '../../../../src/core/crypto/file-keys.ts';
import { importMediaKeys, openSegments } from '../../../../src/core/crypto/gcm.ts';
import {
	MAX_TABLE,
	makeSegmentTagger,
	maskedGhash,
	openTable,
	readTableHead,
	type TableHead,
	writeTable,
} from '../../../../src/core/crypto/segment-tags.ts';
import { flipBit, noise, oneShot } from '../support.ts';
import {
	independentHead,
	independentKey,
	independentMark,
	independentTag,
	u64,
} from './tagged-file.ts';

/** A file of noise with a table in it, encrypted, by the functions under test. */
async function tagged(fileKey: Bytes, fileIv: Bytes, head: TableHead, seed: number) {
	const cipher = await openSegments({ keys: await importMediaKeys(fileKey), iv: fileIv });
	const tagKey = await segmentTagKey(fileKey, fileIv);
	const tagger = makeSegmentTagger(tagKey, head);
	const plain = noise(head.size, seed);
	const { offset, length, segmentSize } = head;
	const tags: Bytes[] = [];
	for (let index = 0; index < head.segments; index++) {
		const start = index * segmentSize;
		const bytes = await cipher.encrypt(start, plain.slice(start, start + segmentSize));
		const ghash = await cipher.ghash(bytes);
		tags.push(await tagger.tag(index, await maskedGhash(cipher, head, start, bytes, ghash)));
	}
	const payload = await writeTable(tagKey, head, tags);
	plain.set(payload, offset);
	expect(payload).toHaveLength(length);
	return { plain, payload, tags, cipher, tagKey };
}

const HEAD: TableHead = {
	size: 100_000,
	offset: 56,
	length: 64 + 16 * 8,
	segmentSize: 2 ** 14,
	segments: 7,
};

describe('a table', () => {
	it('is what docs/segment-tags.md says, for every key, IV, place and size', async () => {
		const heads = fc
			.record({
				size: fc.integer({ min: 2000, max: 70_000 }),
				offset: fc.integer({ min: 0, max: 1000 }),
				room: fc.integer({ min: 0, max: 40 }),
				ivLength: fc.constantFrom(12, 16),
				seed: fc.integer({ min: 1, max: 2 ** 30 }),
			})
			.map(({ size, offset, room, ivLength, seed }) => {
				const segmentSize = 2 ** 14;
				const segments = Math.ceil(size / segmentSize);
				const head = { size, offset, length: 64 + 16 * segments + room, segmentSize, segments };
				return { head, fileIv: noise(ivLength, seed + 1), fileKey: noise(32, seed), seed };
			});
		await fc.assert(
			fc.asyncProperty(heads, async ({ head, fileIv, fileKey, seed }) => {
				const { plain, payload, tags, cipher } = await tagged(fileKey, fileIv, head, seed);
				const secretKey = independentKey(fileKey, fileIv);
				const bound = independentHead(head);
				const sealed = await oneShot(fileKey, fileIv, plain);
				for (const [index, tag] of tags.entries()) {
					const start = index * head.segmentSize;
					const bytes = sealed.slice(start, Math.min(start + head.segmentSize, head.size));
					for (let at = head.offset; at < head.offset + head.length; at++)
						if (at >= start && at < start + bytes.length) bytes[at - start] = 0;
					const masked = await cipher.ghash(bytes);
					const one = Uint8Array.of(1);
					expect(tag).toEqual(independentTag(secretKey, one, bound, u64(index), masked));
				}
				const unsigned = Uint8Array.from(payload).fill(0, 48, 64);
				const zero = Uint8Array.of(0);
				expect(payload.slice(48, 64)).toEqual(independentTag(secretKey, zero, unsigned));
				expect(payload.slice(0, 48)).toEqual(bound);
				expect(payload.slice(64)).toEqual(
					concatBytes(...tags, new Uint8Array(head.length - 64 - 16 * tags.length)),
				);
			}),
			{ numRuns: 20 },
		);
	});

	it('is none with any bit of it altered', async () => {
		const { payload, tagKey } = await tagged(noise(32), noise(12), HEAD, 1);
		expect((await openTable(tagKey, payload, HEAD.offset))?.head).toEqual(HEAD);
		for (let bit = 0; bit < 8 * payload.length; bit += 5)
			expect(await openTable(tagKey, flipBit(payload, bit), HEAD.offset)).toBeUndefined();
	});

	it('is none at another place, of another length, or of another file', async () => {
		const { payload, tagKey } = await tagged(noise(32), noise(12), HEAD, 1);
		expect(await openTable(tagKey, payload, HEAD.offset + 1)).toBeUndefined();
		expect(await openTable(tagKey, payload.slice(0, -1), HEAD.offset)).toBeUndefined();
		const longer = concatBytes(payload, new Uint8Array(1));
		expect(await openTable(tagKey, longer, HEAD.offset)).toBeUndefined();
		const ofOthers = await segmentTagKey(noise(32), noise(12, 9));
		expect(await openTable(ofOthers, payload, HEAD.offset)).toBeUndefined();
	});

	it.each<[string, Partial<TableHead>]>([
		['segments that are no power of two', { segmentSize: 2 ** 14 + 16 }],
		['segments too short', { segmentSize: 2 ** 13, segments: 13 }],
		['segments too long', { segmentSize: 2 ** 25, segments: 1 }],
		['no segments', { segmentSize: 0, segments: 0 }],
		['too few segments', { segments: 6 }],
		['too many segments', { segments: 8 }],
		['no room for its tags', { length: 64 + 16 * 7 - 1 }],
		['an end behind the file', { size: 200, segments: 1 }],
		[
			'a size that no file has',
			{ size: 2 ** 36, segmentSize: 2 ** 24, segments: 4096, length: 65_600 },
		],
		['more bytes than are read', { length: MAX_TABLE + 16, size: 2 ** 30, segments: 65_536 }],
	])('is none with %s, whoever made it', async (_, change) => {
		const head = { ...HEAD, ...change };
		const bytes = concatBytes(independentHead(head), new Uint8Array(head.length - 48));
		expect(readTableHead(bytes, head.offset, head.length)).toBeUndefined();
	});

	it('has nothing in the bytes that are kept free', () => {
		const bytes = concatBytes(independentHead(HEAD), new Uint8Array(HEAD.length - 48));
		expect(readTableHead(bytes, HEAD.offset, HEAD.length)).toEqual(HEAD);
		for (let at = 36; at < 48; at++)
			expect(readTableHead(flipBit(bytes, 8 * at), HEAD.offset, HEAD.length)).toBeUndefined();
		expect(readTableHead(bytes.slice(0, 63), HEAD.offset, HEAD.length)).toBeUndefined();
	});
});

describe('an IV', () => {
	it('says whether there is a table, and nothing to who does not know the key', async () => {
		for (let seed = 1; seed < 20; seed++) {
			const fileKey = noise(32, seed);
			const marked = await newIv(fileKey, true);
			expect(marked).toHaveLength(12);
			expect(marked.slice(8)).toEqual(independentMark(fileKey, marked.slice(0, 8)));
			expect(await isMarked(fileKey, marked)).toBe(true);
			expect(await isMarked(noise(32, seed + 100), marked)).toBe(false);
			expect(await isMarked(fileKey, await newIv(fileKey, false))).toBe(false);
		}
	});

	it('may have any length', async () => {
		const fileKey = noise(32);
		for (const length of [5, 12, 16, 20]) {
			const chosen = noise(length - 4, length);
			const marked = concatBytes(chosen, independentMark(fileKey, chosen));
			expect(await isMarked(fileKey, marked)).toBe(true);
			expect(await isMarked(fileKey, flipBit(marked, 8 * (length - 1)))).toBe(false);
			expect(await isMarked(fileKey, flipBit(marked, 0))).toBe(false);
		}
		expect(await isMarked(fileKey, new Uint8Array(4))).toBe(false);
	});
});
