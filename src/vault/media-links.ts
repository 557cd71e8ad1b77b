import { importFileKeys } from '../core/crypto/file-keys.ts';
import { type AesgcmUri, formatAesgcmUri } from '../core/links/aesgcm-uri.ts';
import { fileNameOfUrl } from '../core/text/file-name.ts';
import type { Keyring } from './keyring.ts';
import type { MediaRecord } from './media-record.ts';
import { newRecord, storeRecord } from './media-records.ts';
import type { Table } from './table.ts';

/** The links of files, and whose they are: the page's work, the worker needs neither. */
export interface MediaLinks {
	/**
	 * Makes and stores a record; the key itself is not kept. The record returned always has its keys. `owner` and `unasked`:
	 * see MediaRecord.
	 */
	add(uri: AesgcmUri, owner: string, unasked?: number): Promise<MediaRecord>;
	/** It turned out whose an old record is. One that has an owner keeps it. */
	own(id: string, owner: string): Promise<void>;
	/** A file of ours lies there now. */
	uploaded(id: string, uri: AesgcmUri): Promise<void>;
	/** The full URI, for forwarding and copying. Undefined where it could not be kept. */
	uriOf(id: string): Promise<string | undefined>;
}

export function createMediaLinks(table: Table<MediaRecord>, keyring: Keyring): MediaLinks {
	async function sealed(id: string, owner: string | undefined, uri: AesgcmUri) {
		const sealedUri = await (await keyring.of(owner))?.seal(id, formatAesgcmUri(uri));
		return { url: uri.url.href, ...(sealedUri === undefined ? {} : { sealedUri }) };
	}

	return {
		async add(uri, owner, unasked) {
			const { key, iv, url } = uri;
			const keys = await importFileKeys(key, iv);
			const record = newRecord({ keys, iv, name: fileNameOfUrl(url), owner });
			const limit = unasked === undefined ? {} : { unasked };
			const link = await sealed(record.id, owner, uri);
			return storeRecord(table, { ...record, ...limit, ...link });
		},
		async uploaded(id, uri) {
			const { owner } = (await table.get(id)) ?? {};
			const patch = await sealed(id, owner, uri);
			await table.update(id, (before) => before && { ...before, ...patch });
		},
		async own(id, owner) {
			await table.update(id, (before) => before && { owner, ...before });
		},
		async uriOf(id) {
			const { owner, sealedUri } = (await table.get(id)) ?? {};
			const opened = await keyring.open(owner, id, sealedUri);
			return opened && new TextDecoder().decode(opened);
		},
	};
}
