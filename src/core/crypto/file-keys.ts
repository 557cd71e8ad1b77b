// docs/segment-tags.md

import { type Bytes, equalBytes } from '../bytes.ts';
import { importMediaKeys, KEY_LENGTH, type MediaKeys } from './gcm.ts';

const INFO = 'balcony segment tags 1';
/** Bytes of an IV: those that are chosen at random, and the mark behind them. */
const CHOSEN = 8;
const MARK = 4;

/** What a file of ours is encrypted with: `key` 32 bytes, `iv` 12. */
export interface FileSecret {
	readonly key: Bytes;
	readonly iv: Bytes;
	readonly keys: MediaKeys;
}

/** A secret that was never used before, whose IV says whether there is a table of tags in the file. */
export async function newFileSecret(hasTable: boolean): Promise<FileSecret> {
	const key = crypto.getRandomValues(new Uint8Array(KEY_LENGTH));
	const iv = await newIv(key, hasTable);
	return { key, iv, keys: await importFileKeys(key, iv) };
}

/** All keys of a file, from the secret of its link. Throws MediaError `uri-invalid` as importMediaKeys. */
export async function importFileKeys(key: Uint8Array, iv: Uint8Array): Promise<MediaKeys> {
	const keys = await importMediaKeys(key);
	return (await isMarked(key, iv)) ? { ...keys, tags: await segmentTagKey(key, iv) } : keys;
}

/** The key of a file's tags: HMAC-SHA-256, not extractable. `key` 32 bytes. */
export async function segmentTagKey(key: Uint8Array, iv: Uint8Array): Promise<CryptoKey> {
	return crypto.subtle.deriveKey(
		hkdf(iv, INFO),
		await inputKey(key),
		{ name: 'HMAC', hash: 'SHA-256', length: 256 },
		false,
		['sign'],
	);
}

/** Whether an IV says that there is a table in the file. */
export async function isMarked(key: Uint8Array, iv: Uint8Array): Promise<boolean> {
	if (iv.length <= MARK) return false;
	const chosen = iv.subarray(0, iv.length - MARK);
	return equalBytes(iv.subarray(chosen.length), await markOf(key, chosen));
}

/** A new IV of 12 bytes that says whether there is a table in the file. */
export async function newIv(key: Uint8Array, hasTable: boolean): Promise<Bytes> {
	const iv = crypto.getRandomValues(new Uint8Array(CHOSEN + MARK));
	if (hasTable) iv.set(await markOf(key, iv.slice(0, CHOSEN)), CHOSEN);
	// One in 2^32 says so by chance.
	else if (await isMarked(key, iv)) return newIv(key, hasTable);
	return iv;
}

async function markOf(key: Uint8Array, chosen: Uint8Array): Promise<Bytes> {
	const parameters = hkdf(chosen, `${INFO} iv`);
	return new Uint8Array(await crypto.subtle.deriveBits(parameters, await inputKey(key), 8 * MARK));
}

function inputKey(key: Uint8Array): Promise<CryptoKey> {
	const raw = Uint8Array.from(key);
	return crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveBits', 'deriveKey']);
}

function hkdf(salt: Uint8Array, info: string) {
	return {
		name: 'HKDF' as const,
		hash: 'SHA-256' as const,
		salt: Uint8Array.from(salt),
		info: new TextEncoder().encode(info),
	};
}
