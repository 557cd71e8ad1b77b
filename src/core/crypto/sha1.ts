import type { Bytes } from '../bytes.ts';

/** SHA-1, for names that old specifications make of bytes. It vouches for nothing. */
export async function sha1(bytes: Bytes): Promise<Bytes> {
	return new Uint8Array(await crypto.subtle.digest('SHA-1', bytes));
}
