import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Bytes, concatBytes } from '../../../src/core/bytes.ts';
import {
	fieldAdd,
	fieldFromBytes,
	fieldInverse,
	fieldMultiply,
	fieldToBytes,
} from '../../../src/core/crypto/gf128.ts';
import { MediaError, type MediaErrorCode } from '../../../src/core/errors.ts';

const VECTORS = new URL('../../vectors/', import.meta.url);

/** A vector file's content; `T` is what the tests rely on, and they fail where it is not so. */
export function readVectors<T>(name: string): T {
	return JSON.parse(readFileSync(new URL(name, VECTORS), 'utf8')) as T;
}

export function readVectorBytes(name: string): Bytes {
	return Uint8Array.from(readFileSync(new URL(name, VECTORS)));
}

/** The code of the MediaError that `run` throws; `undefined` if it returns. */
export function codeOf(run: () => unknown): MediaErrorCode | undefined {
	try {
		run();
		return undefined;
	} catch (thrown) {
		if (thrown instanceof MediaError) return thrown.code;
		throw thrown;
	}
}

/** Bytes that look random and are the same in every run. */
export function noise(length: number, seed = 1): Bytes {
	const bytes = new Uint8Array(length);
	let state = seed | 1;
	for (let i = 0; i < length; i++) {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		bytes[i] = state;
	}
	return bytes;
}

/** Ciphertext and tag by the platform's one-shot AES-GCM. */
export async function oneShot(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Promise<Bytes> {
	const imported = await crypto.subtle.importKey('raw', Uint8Array.from(key), 'AES-GCM', false, [
		'encrypt',
	]);
	const parameters = { name: 'AES-GCM', iv: Uint8Array.from(iv) };
	return new Uint8Array(await crypto.subtle.encrypt(parameters, imported, Uint8Array.from(plain)));
}

/** An IV of 16 bytes from which GCM derives the given J0: (J0 / H xor lengths) / H. */
export function ivForCounter(key: Uint8Array, j0: Uint8Array): Bytes {
	const aes = createCipheriv('aes-256-ecb', key, null);
	const inverse = fieldInverse(fieldFromBytes(aes.update(new Uint8Array(16))));
	const lengths = Uint32Array.of(0, 0, 0, 128);
	const first = fieldMultiply(fieldFromBytes(j0), inverse);
	return fieldToBytes(fieldMultiply(fieldAdd(first, lengths), inverse));
}

export type Part = string | number | Uint8Array;

/** Text as bytes, one a character (Latin-1), and numbers as single bytes. */
export function bytesOf(...parts: Part[]): Bytes {
	return concatBytes(
		...parts.map((part) => {
			if (typeof part === 'number') return Uint8Array.of(part);
			if (typeof part !== 'string') return part;
			return Uint8Array.from(part, (character) => character.charCodeAt(0));
		}),
	);
}

/** The same bytes inside a larger buffer, so that code that forgets `byteOffset` fails. */
export function offsetView(bytes: Uint8Array): Bytes {
	const larger = new Uint8Array(bytes.length + 48).fill(0xee);
	larger.set(bytes, 19);
	return larger.subarray(19, 19 + bytes.length);
}

export function flipBit(bytes: Uint8Array, bit: number): Bytes {
	const flipped = Uint8Array.from(bytes);
	flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
	return flipped;
}
