// docs/segment-tags.md

import { type Bytes, equalBytes } from '../bytes.ts';
import { BLOCK_LENGTH, MAX_PLAINTEXT, type SegmentCipher } from './gcm.ts';

/** Bytes of a payload in front of its first tag. */
export const TABLE_HEAD = 64;
/** Bytes of a payload that the tag of each segment covers, too. */
const BOUND_HEAD = 48;
const TAG = 16;
/** Bytes of the longest payload that is read: the most tags there may be, and room. */
export const MAX_TABLE = 2 ** 21;
const MOST_SEGMENTS = 2 ** 16;
const MAGIC = new TextEncoder().encode('SEGTAGS1');

/** What a table says of its file: bytes of plaintext. */
export interface TableHead {
	/** of the whole file */
	readonly size: number;
	/** where the payload lies, and how long it is */
	readonly offset: number;
	readonly length: number;
	readonly segmentSize: number;
	readonly segments: number;
}

/** Makes tags of one file, 16 bytes each. */
export interface SegmentTagger {
	/** Of a segment, from `masked`: the GHASH of its ciphertext with zeros in the place of the payload. */
	tag(index: number, masked: Uint8Array): Promise<Bytes>;
}

/** A table that is right: it was made by whoever knows the file's key. */
export interface SegmentTable {
	readonly head: TableHead;
	/** Whether a segment is the one that the table was made of; `masked` as in SegmentTagger. */
	fits(index: number, masked: Uint8Array): Promise<boolean>;
}

/**
 * Reads the head of a payload, 64 bytes or more, that was found at `offset` and is `length` bytes long; undefined if it is none.
 * It is not to be believed yet.
 */
export function readTableHead(
	bytes: Uint8Array,
	offset: number,
	length: number,
): TableHead | undefined {
	if (bytes.length < TABLE_HEAD || length > MAX_TABLE) return undefined;
	if (!equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) return undefined;
	const view = new DataView(bytes.buffer, bytes.byteOffset, BOUND_HEAD);
	const size = Number(view.getBigUint64(8));
	const head = {
		size,
		offset: Number(view.getBigUint64(16)),
		length: view.getUint32(24),
		segmentSize: view.getUint32(28),
		segments: view.getUint32(32),
	};
	const isHere = head.offset === offset && head.length === length && offset + length <= size;
	const isSegmented =
		isSegmentSize(head.segmentSize) && head.segments === Math.ceil(size / head.segmentSize);
	const hasRoom = head.segments <= MOST_SEGMENTS && length >= TABLE_HEAD + TAG * head.segments;
	const isRest = bytes.subarray(36, BOUND_HEAD).every((byte) => byte === 0);
	return isHere && isSegmented && hasRoom && isRest && size <= MAX_PLAINTEXT ? head : undefined;
}

/** The first 48 bytes of a payload. */
function writeTableHead({ size, offset, length, segmentSize, segments }: TableHead): Bytes {
	const bytes = new Uint8Array(BOUND_HEAD);
	bytes.set(MAGIC);
	const view = new DataView(bytes.buffer);
	view.setBigUint64(8, BigInt(size));
	view.setBigUint64(16, BigInt(offset));
	view.setUint32(24, length);
	view.setUint32(28, segmentSize);
	view.setUint32(32, segments);
	return bytes;
}

export function makeSegmentTagger(key: CryptoKey, head: TableHead): SegmentTagger {
	const bound = writeTableHead(head);
	return {
		tag(index, masked) {
			const bytes = new Uint8Array(1 + BOUND_HEAD + 8 + BLOCK_LENGTH);
			bytes[0] = 1;
			bytes.set(bound, 1);
			new DataView(bytes.buffer).setBigUint64(1 + BOUND_HEAD, BigInt(index));
			bytes.set(masked, 1 + BOUND_HEAD + 8);
			return hmac(key, bytes);
		},
	};
}

/** Writes the payload of a file: all its tags, in their order. */
export async function writeTable(
	key: CryptoKey,
	head: TableHead,
	tags: readonly Uint8Array[],
): Promise<Bytes> {
	if (tags.length !== head.segments) throw new RangeError('a tag for each segment');
	const payload = new Uint8Array(head.length);
	payload.set(writeTableHead(head));
	for (const [index, tag] of tags.entries()) payload.set(tag, TABLE_HEAD + TAG * index);
	payload.set(await tableTag(key, payload), BOUND_HEAD);
	return payload;
}

/** Takes a payload at its word if its tag is right; undefined if not. */
export async function openTable(
	key: CryptoKey,
	payload: Bytes,
	offset: number,
): Promise<SegmentTable | undefined> {
	const head = readTableHead(payload, offset, payload.length);
	if (head === undefined) return undefined;
	const told = payload.subarray(BOUND_HEAD, TABLE_HEAD);
	if (!equalBytes(await tableTag(key, payload), told)) return undefined;
	const tagger = makeSegmentTagger(key, head);
	const tags = payload.slice(TABLE_HEAD, TABLE_HEAD + TAG * head.segments);
	return {
		head,
		async fits(index, masked) {
			const tag = tags.subarray(TAG * index, TAG * (index + 1));
			return equalBytes(await tagger.tag(index, masked), tag);
		},
	};
}

/**
 * The GHASH of a segment's ciphertext with zeros in the place of the payload; `start` is where the segment begins. `ghash`, if it
 * is known: the same with all its bytes.
 */
export async function maskedGhash(
	cipher: Pick<SegmentCipher, 'ghash'>,
	{ offset, length }: Pick<TableHead, 'offset' | 'length'>,
	start: number,
	bytes: Uint8Array,
	ghash?: Bytes,
): Promise<Bytes> {
	const from = Math.max(0, offset - start);
	const end = Math.min(bytes.length, offset + length - start);
	if (from >= end) return ghash ?? cipher.ghash(bytes);
	return cipher.ghash(Uint8Array.from(bytes).fill(0, from, end));
}

function isSegmentSize(size: number): boolean {
	return size >= 2 ** 14 && size <= 2 ** 24 && (size & (size - 1)) === 0;
}

async function tableTag(key: CryptoKey, payload: Bytes): Promise<Bytes> {
	const bytes = new Uint8Array(1 + payload.length);
	bytes.set(payload, 1);
	bytes.fill(0, 1 + BOUND_HEAD, 1 + TABLE_HEAD);
	return hmac(key, bytes);
}

async function hmac(key: CryptoKey, bytes: Bytes): Promise<Bytes> {
	return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes)).slice(0, TAG);
}
