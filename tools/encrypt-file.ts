import { randomBytes, webcrypto } from 'node:crypto';

export interface EncryptedFile {
	/** ciphertext, then the tag */
	readonly bytes: Uint8Array;
	/** the fragment of its aesgcm URI: IV and key in hex */
	readonly fragment: string;
	readonly key: string;
	readonly iv: string;
}

/** Encrypts as XEP-0454 section 3 says, with a fresh key and an IV of 12 bytes (16 as old clients did). */
export async function encryptFile(plaintext: Uint8Array, ivLength = 12): Promise<EncryptedFile> {
	const key = randomBytes(32);
	const iv = randomBytes(ivLength);
	const imported = await webcrypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
	const sealed = await webcrypto.subtle.encrypt({ name: 'AES-GCM', iv }, imported, plaintext);
	return {
		bytes: new Uint8Array(sealed),
		fragment: iv.toString('hex') + key.toString('hex'),
		key: key.toString('hex'),
		iv: iv.toString('hex'),
	};
}

/** The aesgcm URI of what lies at an http address on loopback. */
export function aesgcmUri(url: string, { fragment }: Pick<EncryptedFile, 'fragment'>): string {
	return `aesgcm${url.slice(url.indexOf(':'))}#${fragment}`;
}
