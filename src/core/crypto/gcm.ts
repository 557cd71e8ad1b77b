import { type Bytes, concatBytes } from '../bytes.ts';
import { MediaError } from '../errors.ts';
import {
	type FieldElement,
	fieldAdd,
	fieldFromBytes,
	fieldInverse,
	fieldMultiply,
	fieldPower,
	fieldToBytes,
} from './gf128.ts';

/** Bytes of an AES block, and so of a GHASH value. */
export const BLOCK_LENGTH = 16;
/** Bytes of the tag that ends an encrypted file (XEP-0454 section 3). */
export const TAG_LENGTH = 16;
export const KEY_LENGTH = 32;
/** Bytes that GCM allows under one IV: 2^39 - 256 bits (SP 800-38D section 5.2.1.1). */
export const MAX_PLAINTEXT = 2 ** 36 - 32;

const COUNTER_MODULUS = 2 ** 32;
const EMPTY = new Uint8Array(0);

/** One AES-256 key imported for both halves of GCM, non-extractable. */
export interface MediaKeys {
	readonly ctr: CryptoKey;
	readonly gcm: CryptoKey;
	/** of the tags in the file's own table (docs/segment-tags.md): there is one just if its IV says so */
	readonly tags?: CryptoKey;
}

/**
 * AES-GCM over one file, in pieces and in any order. Offsets are bytes from the start of the file and
 * multiples of 16; a piece may have any length, but only the file's last may end off a block.
 * GHASH values are 16 bytes and secret.
 */
export interface SegmentCipher {
	decrypt(offset: number, bytes: Uint8Array): Promise<Bytes>;
	encrypt(offset: number, bytes: Uint8Array): Promise<Bytes>;
	/** GHASH of a piece of ciphertext alone, padded with zeros to whole blocks. */
	ghash(bytes: Uint8Array): Promise<Bytes>;
	/**
	 * Decrypts a piece whose GHASH and length are known, in one native call that also checks the GHASH.
	 * Throws MediaError `tampered` if the piece has another. The length is the caller's to check: zeros before a
	 * piece, or up to the end of its last block, leave its GHASH as it is.
	 */
	open(offset: number, bytes: Uint8Array, ghash: Uint8Array): Promise<Bytes>;
	/** Encrypts a piece and hashes its ciphertext, in one native call. */
	seal(offset: number, bytes: Uint8Array): Promise<{ bytes: Bytes; ghash: Bytes }>;
	/** GHASH of two neighbouring pieces from theirs; `length` is the second one's in bytes. */
	join(first: Uint8Array, second: Uint8Array, length: number): Bytes;
	/** The file's tag from the GHASH of all its ciphertext and its length in bytes. */
	tag(ghash: Uint8Array, length: number): Bytes;
}

/** Imports 32 bytes of key material. Throws MediaError `uri-invalid` for any other length. */
export async function importMediaKeys(key: Uint8Array): Promise<MediaKeys> {
	if (key.length !== KEY_LENGTH) throw new MediaError('uri-invalid');
	const raw = Uint8Array.from(key);
	const [ctr, gcm] = await Promise.all([
		crypto.subtle.importKey('raw', raw, 'AES-CTR', false, ['encrypt', 'decrypt']),
		crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']),
	]);
	raw.fill(0);
	return { ctr, gcm };
}

/**
 * Prepares a file's cipher from its keys and its IV of 12 bytes, or of any other length above 0
 * (SP 800-38D section 7.1).
 */
export async function openSegments({
	keys,
	iv,
}: {
	keys: MediaKeys;
	iv: Uint8Array;
}): Promise<SegmentCipher> {
	const encryptBlock = async (block: Bytes) =>
		ctrCall('encrypt', keys.ctr, block, new Uint8Array(BLOCK_LENGTH));
	const zero = new Uint8Array(BLOCK_LENGTH);
	const emptyIv = new Uint8Array(12);
	const [hashKey, emptyTag] = await Promise.all([
		encryptBlock(zero),
		gcmCall('encrypt', keys.gcm, emptyIv, EMPTY, EMPTY),
	]);
	const h = fieldFromBytes(hashKey);
	const hInverse = fieldInverse(h);
	const emptyMask = fieldFromBytes(emptyTag);
	const j0 = firstCounter(iv, h);
	const tagMask = fieldFromBytes(await encryptBlock(j0));
	const powers = new Map<number, FieldElement>();

	const power = (blocks: number): FieldElement => {
		let value = powers.get(blocks);
		if (value === undefined) {
			value = fieldPower(h, blocks);
			// Segments and pieces have few sizes; a hostile stream of odd ones must not fill memory.
			if (powers.size < 64) powers.set(blocks, value);
		}
		return value;
	};

	/** An IV of 16 bytes for which GCM itself derives the given pre-counter block. */
	const ivFor = (preCounter: Uint8Array): Bytes => {
		const wanted = fieldMultiply(fieldFromBytes(preCounter), hInverse);
		return fieldToBytes(fieldMultiply(fieldAdd(wanted, lengths(0, BLOCK_LENGTH)), hInverse));
	};

	const ctr = async (direction: Direction, offset: number, bytes: Uint8Array): Promise<Bytes> => {
		let counter = counterAt(j0, offset, 1);
		const beforeWrap = (COUNTER_MODULUS - lastWord(counter)) * BLOCK_LENGTH;
		if (bytes.length <= beforeWrap) return ctrCall(direction, keys.ctr, counter, bytes);
		// WebKit's AES-CTR returns garbage when these 32 bits wrap within a call.
		const head = ctrCall(direction, keys.ctr, counter, bytes.subarray(0, beforeWrap));
		counter = counterAt(j0, offset + beforeWrap, 1);
		const tail = ctrCall(direction, keys.ctr, counter, bytes.subarray(beforeWrap));
		return concatBytes(await head, await tail);
	};

	return {
		decrypt: (offset, bytes) => ctr('decrypt', offset, bytes),
		encrypt: (offset, bytes) => ctr('encrypt', offset, bytes),

		async ghash(bytes) {
			if (bytes.length === 0) return new Uint8Array(BLOCK_LENGTH);
			const tag = await gcmCall('encrypt', keys.gcm, emptyIv, EMPTY, bytes);
			const unmasked = fieldAdd(fieldFromBytes(tag), emptyMask);
			return fieldToBytes(fieldAdd(fieldMultiply(unmasked, hInverse), lengths(bytes.length, 0)));
		},

		async open(offset, bytes, ghash) {
			const preCounter = counterAt(j0, offset, 0);
			const mask = fieldFromBytes(await encryptBlock(preCounter));
			const y = fieldAdd(fieldFromBytes(ghash), lengths(0, bytes.length));
			const tag = fieldToBytes(fieldAdd(fieldMultiply(y, h), mask));
			try {
				return await gcmCall(
					'decrypt',
					keys.gcm,
					ivFor(preCounter),
					concatBytes(bytes, tag),
					EMPTY,
				);
			} catch {
				throw new MediaError('tampered');
			}
		},

		async seal(offset, bytes) {
			const preCounter = counterAt(j0, offset, 0);
			const [mask, sealed] = await Promise.all([
				encryptBlock(preCounter),
				gcmCall('encrypt', keys.gcm, ivFor(preCounter), bytes, EMPTY),
			]);
			const tag = fieldFromBytes(sealed.subarray(bytes.length));
			const product = fieldMultiply(fieldAdd(tag, fieldFromBytes(mask)), hInverse);
			return {
				bytes: sealed.subarray(0, bytes.length),
				ghash: fieldToBytes(fieldAdd(product, lengths(0, bytes.length))),
			};
		},

		join(first, second, length) {
			const shifted = fieldMultiply(fieldFromBytes(first), power(Math.ceil(length / BLOCK_LENGTH)));
			return fieldToBytes(fieldAdd(shifted, fieldFromBytes(second)));
		},

		tag(ghash, length) {
			const y = fieldAdd(fieldFromBytes(ghash), lengths(0, length));
			return fieldToBytes(fieldAdd(fieldMultiply(y, h), tagMask));
		},
	};
}

type Direction = 'encrypt' | 'decrypt';

async function ctrCall(
	direction: Direction,
	key: CryptoKey,
	counter: Bytes,
	bytes: Uint8Array,
): Promise<Bytes> {
	const parameters = { name: 'AES-CTR' as const, counter, length: 32 };
	return new Uint8Array(await crypto.subtle[direction](parameters, key, bytes as Bytes));
}

async function gcmCall(
	direction: Direction,
	key: CryptoKey,
	iv: Bytes,
	bytes: Uint8Array,
	additionalData: Uint8Array,
): Promise<Bytes> {
	const parameters = { name: 'AES-GCM' as const, iv, additionalData: additionalData as Bytes };
	return new Uint8Array(await crypto.subtle[direction](parameters, key, bytes as Bytes));
}

/** GHASH's closing block: the lengths in bits of additional data and of ciphertext, 64 bits each. */
function lengths(additionalData: number, ciphertext: number): FieldElement {
	const highBits = (bytes: number) => Math.floor(bytes / 2 ** 29);
	const lowBits = (bytes: number) => (bytes * 8) % COUNTER_MODULUS;
	return Uint32Array.of(
		highBits(additionalData),
		lowBits(additionalData),
		highBits(ciphertext),
		lowBits(ciphertext),
	);
}

function firstCounter(iv: Uint8Array, h: FieldElement): Bytes {
	if (iv.length === 0) throw new MediaError('uri-invalid');
	if (iv.length === 12) return concatBytes(iv, Uint8Array.of(0, 0, 0, 1));
	const padded = new Uint8Array(Math.ceil(iv.length / BLOCK_LENGTH) * BLOCK_LENGTH);
	padded.set(iv);
	let y: FieldElement = new Uint32Array(4);
	for (let i = 0; i < padded.length; i += BLOCK_LENGTH)
		y = fieldMultiply(fieldAdd(y, fieldFromBytes(padded.subarray(i, i + BLOCK_LENGTH))), h);
	return fieldToBytes(fieldMultiply(fieldAdd(y, lengths(0, iv.length)), h));
}

/** J0 with its last 32 bits increased by `first` + offset/16, modulo 2^32. */
function counterAt(j0: Uint8Array, offset: number, first: number): Bytes {
	if (offset % BLOCK_LENGTH !== 0 || offset < 0 || offset > MAX_PLAINTEXT)
		throw new RangeError('an offset must be a block boundary of the file');
	const counter = Uint8Array.from(j0);
	const value = (lastWord(j0) + first + offset / BLOCK_LENGTH) % COUNTER_MODULUS;
	new DataView(counter.buffer).setUint32(12, value);
	return counter;
}

function lastWord(block: Uint8Array): number {
	return new DataView(block.buffer, block.byteOffset).getUint32(12);
}
