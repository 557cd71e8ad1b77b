import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { Buffer } from './buffer.ts';

const HASHES = { 'sha-1': sha1, 'sha-256': sha256, 'sha-512': sha512 };

function hashOf(name: string) {
	const hash = HASHES[name.toLowerCase() as keyof typeof HASHES];
	if (hash === undefined) throw new Error('unsupported hash');
	return hash;
}

/** Takes parts, then gives the digest of them all. */
function digester(state: ReturnType<typeof sha1.create> | ReturnType<typeof hmac.create>) {
	const self = {
		update(part: string | Uint8Array) {
			state.update(typeof part === 'string' ? Buffer.from(part) : part);
			return self;
		},
		digest(encoding?: string) {
			const digest = Buffer.from(state.digest());
			return encoding === undefined ? digest : digest.toString(encoding);
		},
	};
	return self;
}

/** What stanza uses of Node's function, for SHA-1, SHA-256 and SHA-512 by the names of RFC 5802: `sha-1`. */
export function createHash(name: string) {
	return digester(hashOf(name).create());
}

export function createHmac(name: string, key: Uint8Array) {
	return digester(hmac.create(hashOf(name), key));
}

export const getHashes = () => Object.keys(HASHES);
