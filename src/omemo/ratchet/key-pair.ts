import { x25519 } from '@noble/curves/ed25519.js';
import { type Bytes, concatBytes } from '../../core/bytes.ts';
import { RatchetError } from './ratchet-error.ts';

/** A pair of X25519 keys (RFC 7748), 32 bytes each. */
export interface KeyPair {
	readonly publicKey: Bytes;
	readonly privateKey: Bytes;
}

const KEY_LENGTH = 32;
/** How public keys of this curve begin on the wire (Signal). */
const DJB_TYPE = 5;

/** A fresh pair. */
export function generateKeyPair(): KeyPair {
	return keyPairOf(crypto.getRandomValues(new Uint8Array(KEY_LENGTH)));
}

/** The pair of a private key, which is clamped as RFC 7748 section 5 says. */
export function keyPairOf(secret: Uint8Array): KeyPair {
	const privateKey = Uint8Array.from(secret);
	privateKey[0] = (privateKey[0] ?? 0) & 248;
	privateKey[31] = ((privateKey[31] ?? 0) & 127) | 64;
	return { privateKey, publicKey: Uint8Array.from(x25519.getPublicKey(privateKey)) };
}

/** The X25519 secret of two keys, 32 bytes. Throws RatchetError `key-invalid` for points of low order. */
export function agree(ours: KeyPair, theirs: Uint8Array): Bytes {
	try {
		return Uint8Array.from(x25519.getSharedSecret(ours.privateKey, theirs));
	} catch (cause) {
		throw new RatchetError('key-invalid', { cause });
	}
}

/** A public key as it is sent: 33 bytes, 0x05 first. */
export function encodePublicKey(publicKey: Uint8Array): Bytes {
	return concatBytes(Uint8Array.of(DJB_TYPE), publicKey);
}

/** Reads a public key of 33 bytes. Throws RatchetError `key-invalid`. */
export function decodePublicKey(bytes: Uint8Array): Bytes {
	if (bytes.length !== KEY_LENGTH + 1 || bytes[0] !== DJB_TYPE)
		throw new RatchetError('key-invalid');
	return Uint8Array.from(bytes.subarray(1));
}
