import type { Bytes } from '../core/bytes.ts';
import { MediaError } from '../core/errors.ts';
import type { SealedText } from './media-record.ts';
import type { Table } from './table.ts';

const NAME = 'origin';

/** Seals texts with a key that this origin can use but not read. `id` is bound in as additional data. */
export interface OriginKey {
	seal(id: string, text: string): Promise<SealedText>;
	/** Throws MediaError `key-missing` if it was sealed with another key or for another id. */
	open(id: string, sealed: SealedText): Promise<string>;
}

/** The origin's key, made at its first use; undefined where the browser cannot store one. */
export async function openOriginKey(table: Table<CryptoKey>): Promise<OriginKey | undefined> {
	const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
		'encrypt',
		'decrypt',
	]);
	let key: CryptoKey;
	try {
		// Two tabs may get here at once: the first one's key stays.
		key = (await table.update(NAME, (before) => before ?? fresh)) ?? fresh;
	} catch {
		return undefined;
	}
	const parameters = (id: string, iv: Bytes) => ({
		name: 'AES-GCM',
		iv,
		additionalData: new TextEncoder().encode(id),
	});
	return {
		async seal(id, text) {
			const iv = crypto.getRandomValues(new Uint8Array(12));
			const data = new TextEncoder().encode(text);
			const sealed = await crypto.subtle.encrypt(parameters(id, iv), key, data);
			return { iv, bytes: new Uint8Array(sealed) };
		},
		async open(id, sealed) {
			try {
				const data = await crypto.subtle.decrypt(parameters(id, sealed.iv), key, sealed.bytes);
				return new TextDecoder().decode(data);
			} catch {
				throw new MediaError('key-missing');
			}
		},
	};
}
