import type { Bytes } from '../core/bytes.ts';
import { MediaError } from '../core/errors.ts';
import type { SealedText } from './media-record.ts';
import type { Table } from './table.ts';

/** Under which the origin's own key is kept. */
export const ORIGIN = 'origin';

/** Seals texts with a key that this origin can use but not read. `id` is bound in as additional data. */
export interface OriginKey {
	seal(id: string, text: string): Promise<SealedText>;
	/** Throws MediaError `key-missing` if it was sealed with another key or for another id. */
	open(id: string, sealed: SealedText): Promise<string>;
	sealBytes(id: string, data: Bytes): Promise<SealedText>;
	/** Throws MediaError `key-missing` as `open` does. */
	openBytes(id: string, sealed: SealedText): Promise<Bytes>;
}

/**
 * The key of that name, made at its first use; undefined where the browser cannot store one. Throws MediaError `storage-full`
 * or `storage-unavailable` where it may be able to later: what is sealed with another key is noise after a reload.
 */
export async function openOriginKey(
	table: Table<CryptoKey>,
	name = ORIGIN,
): Promise<OriginKey | undefined> {
	// Reading takes no room: on a full disk, what is kept opens all the same.
	const kept = await table.get(name);
	if (kept !== undefined) return originKeyOf(kept);
	const fresh = await generate();
	try {
		// Two tabs may get here at once: the first one's key stays.
		return originKeyOf((await table.update(name, (before) => before ?? fresh)) ?? fresh);
	} catch (thrown) {
		if (thrown instanceof MediaError) throw thrown;
		return undefined;
	}
}

/** A key that lives as long as this page. */
export async function createPassingKey(): Promise<OriginKey> {
	return originKeyOf(await generate());
}

function generate(): Promise<CryptoKey> {
	return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

function originKeyOf(key: CryptoKey): OriginKey {
	const parameters = (id: string, iv: Bytes) => ({
		name: 'AES-GCM',
		iv,
		additionalData: new TextEncoder().encode(id),
	});
	const originKey: OriginKey = {
		seal: (id, text) => originKey.sealBytes(id, new TextEncoder().encode(text)),
		open: async (id, sealed) => new TextDecoder().decode(await originKey.openBytes(id, sealed)),
		async sealBytes(id, data) {
			const iv = crypto.getRandomValues(new Uint8Array(12));
			const sealed = await crypto.subtle.encrypt(parameters(id, iv), key, data);
			return { iv, bytes: new Uint8Array(sealed) };
		},
		async openBytes(id, sealed) {
			try {
				return new Uint8Array(
					await crypto.subtle.decrypt(parameters(id, sealed.iv), key, sealed.bytes),
				);
			} catch {
				throw new MediaError('key-missing');
			}
		},
	};
	return originKey;
}
