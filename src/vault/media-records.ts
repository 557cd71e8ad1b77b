import { type AesgcmUri, formatAesgcmUri } from '../core/aesgcm-uri.ts';
import { toHex } from '../core/bytes.ts';
import { fileNameOfUrl } from '../core/file-name.ts';
import { importMediaKeys } from '../core/gcm.ts';
import type { LedgerRows } from './ledger-rows.ts';
import type { MediaRecord } from './media-record.ts';
import type { OriginKey } from './origin-key.ts';
import type { SegmentStore } from './segment-cache.ts';
import type { Table } from './table.ts';

/** What may change in a record after it was made. */
export type MediaPatch = Partial<
	Pick<
		MediaRecord,
		| 'size'
		| 'tag'
		| 'type'
		| 'label'
		| 'etag'
		| 'sequential'
		| 'bounded'
		| 'verdict'
		| 'verifyFirst'
		| 'usedAt'
		| 'position'
	>
>;

/** The opened links. */
export interface MediaRecords {
	/** Makes and stores a record; the key itself is not kept. The record returned always has its keys. */
	add(uri: AesgcmUri): Promise<MediaRecord>;
	get(id: string): Promise<MediaRecord | undefined>;
	/** Oldest first. */
	list(): Promise<MediaRecord[]>;
	/** Changes a record that is still there; `undefined` in `cleared` names is removed. */
	patch(id: string, patch: MediaPatch, cleared?: readonly (keyof MediaPatch)[]): Promise<void>;
	/** The full URI, for forwarding and copying. Undefined where it could not be kept. */
	uriOf(id: string): Promise<string | undefined>;
	/** Record first: without it the segments are noise. */
	remove(id: string): Promise<void>;
	/** Removes what is left of an item whose record is gone; of every such item without an id. */
	sweep(id?: string): Promise<void>;
}

export function createMediaRecords(parts: {
	readonly table: Table<MediaRecord>;
	readonly ledger: LedgerRows;
	readonly segments: SegmentStore;
	readonly originKey: () => Promise<OriginKey | undefined>;
}): MediaRecords {
	const { table, ledger, segments, originKey } = parts;
	const drop = (id: string) => Promise.all([ledger.removeAll(id), segments.removeAll(id)]);
	return {
		async add(uri) {
			const id = toHex(crypto.getRandomValues(new Uint8Array(16)));
			const [keys, origin] = await Promise.all([importMediaKeys(uri.key), originKey()]);
			const sealedUri = await origin?.seal(id, formatAesgcmUri(uri));
			const now = Date.now();
			const record: MediaRecord = {
				id,
				url: uri.url.href,
				iv: uri.iv,
				keys,
				...(sealedUri === undefined ? {} : { sealedUri }),
				name: fileNameOfUrl(uri.url),
				verdict: 'none',
				verifyFirst: false,
				createdAt: now,
				usedAt: now,
			};
			try {
				await table.update(id, () => record);
			} catch {
				// Private and lockdown modes cannot store a CryptoKey: the page keeps it, and the worker asks for it.
				const { keys: _, ...rest } = record;
				await table.update(id, () => rest);
			}
			return record;
		},
		get: (id) => table.get(id),
		async list() {
			const records = await table.all();
			return records.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
		},
		async patch(id, patch, cleared = []) {
			await table.update(id, (before) => {
				if (before === undefined) return undefined;
				const after = { ...before, ...patch };
				for (const name of cleared) delete after[name];
				return after;
			});
		},
		async uriOf(id) {
			const sealed = (await table.get(id))?.sealedUri;
			return sealed && (await originKey())?.open(id, sealed);
		},
		async remove(id) {
			await table.update(id, () => undefined);
			await drop(id);
		},
		async sweep(id) {
			const found = id === undefined ? await segments.items() : [id];
			for (const item of found) if ((await table.get(item)) === undefined) await drop(item);
		},
	};
}
