import { type Bytes, toHex } from '../core/bytes.ts';
import { importMediaKeys } from '../core/crypto/gcm.ts';
import { type AesgcmUri, formatAesgcmUri } from '../core/links/aesgcm-uri.ts';
import { fileNameOfUrl } from '../core/text/file-name.ts';
import type { Keyring } from './keyring.ts';
import type { LedgerRows } from './ledger-rows.ts';
import type { MediaRecord } from './media-record.ts';
import type { Previews } from './previews.ts';
import type { SegmentStore } from './segment-store.ts';
import type { Table } from './table.ts';

/** What may change in a record after it was made. */
export type MediaPatch = Partial<
	Pick<
		MediaRecord,
		| 'size'
		| 'tag'
		| 'type'
		| 'label'
		| 'width'
		| 'height'
		| 'duration'
		| 'preview'
		| 'etag'
		| 'sequential'
		| 'bounded'
		| 'spooled'
		| 'verdict'
		| 'verifyFirst'
		| 'unasked'
		| 'usedAt'
		| 'position'
	>
>;

/** What is known of files: of opened links, and of those that accounts sent or were sent. */
export interface MediaRecords {
	/**
	 * Makes and stores a record; the key itself is not kept. The record returned always has its keys. `owner` and `unasked`:
	 * see MediaRecord.
	 */
	add(uri: AesgcmUri, owner: string, unasked?: number): Promise<MediaRecord>;
	/** The same for a file of ours that is nowhere else yet. `key` 32 bytes, `iv` 12. */
	addOwn(file: { key: Bytes; iv: Bytes; name: string; owner: string }): Promise<MediaRecord>;
	/** It turned out whose an old record is. One that has an owner keeps it. */
	own(id: string, owner: string): Promise<void>;
	/** A file of ours lies there now. */
	uploaded(id: string, uri: AesgcmUri): Promise<void>;
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
	readonly previews: Previews;
	readonly keyring: Keyring;
}): MediaRecords {
	const { table, ledger, segments, previews, keyring } = parts;
	const drop = (id: string) =>
		Promise.all([ledger.removeAll(id), segments.removeAll(id), previews.remove(id)]);
	async function store(record: MediaRecord): Promise<MediaRecord> {
		try {
			await table.update(record.id, () => record);
		} catch {
			// Private and lockdown modes cannot store a CryptoKey: the page keeps it, and the worker asks for it.
			const { keys: _, ...rest } = record;
			await table.update(record.id, () => rest);
		}
		return record;
	}

	async function make({
		key,
		iv,
		name,
		owner,
	}: {
		key: Uint8Array;
		iv: Bytes;
		name: string;
		owner: string;
	}) {
		const now = Date.now();
		const record: MediaRecord = {
			id: toHex(crypto.getRandomValues(new Uint8Array(16))),
			owner,
			url: '',
			iv,
			keys: await importMediaKeys(key),
			name,
			verdict: 'none',
			verifyFirst: false,
			createdAt: now,
			usedAt: now,
		};
		return record;
	}

	async function sealed(id: string, owner: string | undefined, uri: AesgcmUri) {
		const sealedUri = await (await keyring.of(owner))?.seal(id, formatAesgcmUri(uri));
		return { url: uri.url.href, ...(sealedUri === undefined ? {} : { sealedUri }) };
	}

	return {
		async add(uri, owner, unasked) {
			const record = await make({ ...uri, name: fileNameOfUrl(uri.url), owner });
			const limit = unasked === undefined ? {} : { unasked };
			return store({ ...record, ...limit, ...(await sealed(record.id, owner, uri)) });
		},
		addOwn: async (file) => store(await make(file)),
		async uploaded(id, uri) {
			const { owner } = (await table.get(id)) ?? {};
			const patch = await sealed(id, owner, uri);
			await table.update(id, (before) => before && { ...before, ...patch });
		},
		async own(id, owner) {
			await table.update(id, (before) => before && { owner, ...before });
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
			const { owner, sealedUri } = (await table.get(id)) ?? {};
			const opened = await keyring.open(owner, id, sealedUri);
			return opened && new TextDecoder().decode(opened);
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
