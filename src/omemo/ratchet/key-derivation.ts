import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Bytes } from '../../core/bytes.ts';

// A chain's step hashes two short blocks: less than what one call of WebCrypto costs in passing threads.

/** The keys of one message (Signal version 3). */
export interface MessageKeys {
	/** AES-256-CBC, 32 bytes */
	readonly cipherKey: Bytes;
	/** HMAC-SHA-256, 32 bytes */
	readonly macKey: Bytes;
	/** 16 bytes */
	readonly iv: Bytes;
}

const text = new TextEncoder();
const ZEROS = new Uint8Array(32);

/** HMAC-SHA-256, 32 bytes. */
export function mac(key: Uint8Array, message: Uint8Array): Bytes {
	return Uint8Array.from(hmac(sha256, key, message));
}

/** X3DH's secret as the first root key and the first chain key, 32 bytes each. */
export function deriveFirstKeys(secret: Uint8Array): { rootKey: Bytes; chainKey: Bytes } {
	return split(hkdf(sha256, secret, ZEROS, text.encode('WhisperText'), 64));
}

/** One step of the root chain (Double Ratchet section 2.3); 32 bytes each. */
export function deriveRootStep(
	rootKey: Uint8Array,
	secret: Uint8Array,
): { rootKey: Bytes; chainKey: Bytes } {
	return split(hkdf(sha256, secret, rootKey, text.encode('WhisperRatchet'), 64));
}

/** One step of a message chain: the seed of a message's keys, and the next chain key; 32 bytes each. */
export function deriveChainStep(chainKey: Uint8Array): { seed: Bytes; next: Bytes } {
	return { seed: mac(chainKey, Uint8Array.of(1)), next: mac(chainKey, Uint8Array.of(2)) };
}

export function deriveMessageKeys(seed: Uint8Array): MessageKeys {
	const bytes = Uint8Array.from(hkdf(sha256, seed, ZEROS, text.encode('WhisperMessageKeys'), 80));
	return {
		cipherKey: bytes.slice(0, 32),
		macKey: bytes.slice(32, 64),
		iv: bytes.slice(64, 80),
	};
}

/** The name of a session by its first root key, 32 bytes, which says nothing of the key. */
export function deriveBeginning(rootKey: Uint8Array): Bytes {
	return Uint8Array.from(hkdf(sha256, rootKey, ZEROS, text.encode('Balcony beginning'), 32));
}

function split(bytes: Uint8Array): { rootKey: Bytes; chainKey: Bytes } {
	return {
		rootKey: Uint8Array.from(bytes.subarray(0, 32)),
		chainKey: Uint8Array.from(bytes.subarray(32)),
	};
}
