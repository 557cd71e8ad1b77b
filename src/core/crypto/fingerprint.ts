import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../bytes.ts';

/** Bytes of a digest that are kept: enough that two contents never share one by chance. */
const LENGTH = 16;

/** A digest of several parts in their order, as lowercase hex; where one part ends and the next begins counts. */
export function fingerprint(...parts: readonly (Uint8Array | string)[]): string {
	const hash = sha256.create();
	for (const part of parts) {
		const bytes = typeof part === 'string' ? new TextEncoder().encode(part) : part;
		hash.update(new Uint8Array(new Uint32Array([bytes.length]).buffer)).update(bytes);
	}
	return toHex(hash.digest().subarray(0, LENGTH));
}
