import { type Bytes, concatBytes } from '../../core/bytes.ts';
import { bytesSchema, type RowSchema, rowSchema } from '../../core/row-schema.ts';
import { RatchetError } from './ratchet-error.ts';
import { arithmetic } from './x25519.ts';

/** A pair of X25519 keys (RFC 7748), 32 bytes each. */
export interface KeyPair {
	readonly publicKey: Bytes;
	readonly privateKey: Bytes;
}

export const KEY_PAIR: RowSchema<KeyPair> = rowSchema<KeyPair>({
	publicKey: bytesSchema,
	privateKey: bytesSchema,
});

const KEY_LENGTH = 32;
/** How public keys of this curve begin on the wire (Signal). */
const DJB_TYPE = 5;

/** A fresh pair. Throws RatchetError `not-loaded`. */
export async function generateKeyPair(): Promise<KeyPair> {
	const { privateKey, publicKey } = await (await arithmetic()).generate();
	return { privateKey: clamped(privateKey), publicKey };
}

/** A private key of 32 bytes, clamped (RFC 7748 section 5). */
export function clamped(secret: Uint8Array): Bytes {
	const privateKey = Uint8Array.from(secret);
	privateKey[0] = (privateKey[0] ?? 0) & 248;
	privateKey[31] = ((privateKey[31] ?? 0) & 127) | 64;
	return privateKey;
}

/** The X25519 secret of two keys, 32 bytes. Throws RatchetError `key-invalid` for points of low order, or `not-loaded`. */
export async function agree(ours: KeyPair, theirs: Bytes): Promise<Bytes> {
	try {
		const { sharedSecret } = await arithmetic();
		return await sharedSecret(ours.privateKey, theirs);
	} catch (cause) {
		if (cause instanceof RatchetError) throw cause;
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
