import { type Bytes, concatBytes } from '../core/bytes.ts';
import { OmemoError } from './omemo-error.ts';

const KEY_LENGTH = 16;
const TAG_LENGTH = 16;
const IV_LENGTH = 12;

/** A payload as it is sent, and what the ratchet carries to open it. */
export interface SealedPayload {
	readonly iv: Bytes;
	/** ciphertext without its tag */
	readonly payload: Bytes;
	/** key, then tag: 32 bytes */
	readonly keyAndTag: Bytes;
}

/** Encrypts a message's text with AES-128-GCM under a fresh key (XEP-0384 version 0.3.0 section 4.4). */
export async function sealPayload(text: string): Promise<SealedPayload> {
	const raw = crypto.getRandomValues(new Uint8Array(KEY_LENGTH));
	const iv = crypto.getRandomValues(new Uint8Array(IV_LENGTH));
	const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt']);
	const data = new TextEncoder().encode(text);
	const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, data));
	const end = sealed.length - TAG_LENGTH;
	return { iv, payload: sealed.slice(0, end), keyAndTag: concatBytes(raw, sealed.subarray(end)) };
}

/** What the ratchet carries where there is no payload: a key that opens nothing, 32 bytes. */
export function emptyKeyAndTag(): Bytes {
	return crypto.getRandomValues(new Uint8Array(KEY_LENGTH + TAG_LENGTH));
}

/**
 * Decrypts a payload. Old senders put only the key (16 bytes) into the ratchet and the tag behind the payload.
 * Throws OmemoError `payload-invalid`.
 */
export async function openPayload(
	keyAndTag: Uint8Array,
	iv: Bytes,
	payload: Uint8Array,
): Promise<string> {
	const isOld = keyAndTag.length === KEY_LENGTH;
	if (
		(!isOld && keyAndTag.length !== KEY_LENGTH + TAG_LENGTH) ||
		(iv.length !== 12 && iv.length !== 16)
	)
		throw new OmemoError('payload-invalid');
	const raw = Uint8Array.from(keyAndTag.subarray(0, KEY_LENGTH));
	const sealed = concatBytes(payload, keyAndTag.subarray(KEY_LENGTH));
	try {
		const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
		const data = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed);
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
	} catch (cause) {
		throw new OmemoError('payload-invalid', { cause });
	}
}
