import { x25519 } from '@noble/curves/ed25519.js';
import { type Bytes, toBytes } from '../../core/bytes.ts';
import type { Arithmetic } from './x25519.ts';

/** Used where the browser has no X25519 or refuses a key: slower, and perhaps not in constant time. */
export const LIBRARY: Arithmetic = {
	async sharedSecret(privateKey, publicKey) {
		return toBytes(x25519.getSharedSecret(privateKey, publicKey));
	},
	async generate() {
		const privateKey = crypto.getRandomValues(new Uint8Array(32));
		return { privateKey, publicKey: publicKeyOf(privateKey) };
	},
};

/** The public key of a private one, 32 bytes each; clamped or not, it is the same. */
export function publicKeyOf(privateKey: Bytes): Bytes {
	return toBytes(x25519.getPublicKey(privateKey));
}
