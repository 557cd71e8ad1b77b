import { type Bytes, toHex } from '../core/bytes.ts';
import type { MediaKeys } from '../core/crypto/gcm.ts';
import type { LedgerRows } from './ledger-rows.ts';
import type { MediaRecord } from './media-record.ts';
import type { SegmentStore } from './segment-store.ts';
import type { Table } from './table.ts';

/** The fields of a record that may change after it was made. */
export type MediaPatch = Partial<
	Pick<
		MediaRecord,
		| 'size'
		| 'segment'
		| 'tag'
		| 'name'
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

/** A file whose record is to be made; `owner` as in MediaRecord. */
export interface NewMedia {
	readonly keys: MediaKeys;
	readonly iv: Bytes;
	readonly name: string;
	readonly owner: string;
}

/** Records of files: of opened links, and of files that accounts sent or received. */
export interface MediaRecords {
	/**
	 * Makes and stores the record of a file of ours that is nowhere else yet; the key itself is not kept. The record returned
	 * always has its keys.
	 */
	addOwn(file: NewMedia): Promise<MediaRecord>;
	get(id: string): Promise<MediaRecord | undefined>;
	/** Oldest first. */
	list(): Promise<MediaRecord[]>;
	/** Changes a record that is still there; `undefined` in `cleared` names is removed. */
	patch(id: string, patch: MediaPatch, cleared?: readonly (keyof MediaPatch)[]): Promise<void>;
	/** Record first: without it the segments are noise. */
	remove(id: string): Promise<void>;
	/** Removes what is left of an item whose record is gone; of every such item without an id. */
	sweep(id?: string): Promise<void>;
}

export function createMediaRecords(parts: {
	readonly table: Table<MediaRecord>;
	readonly ledger: LedgerRows;
	readonly segments: SegmentStore;
	readonly previews: { remove(id: string): Promise<void> };
}): MediaRecords {
	const { table, ledger, segments, previews } = parts;
	const drop = (id: string) =>
		Promise.all([ledger.removeAll(id), segments.removeAll(id), previews.remove(id)]);
	return {
		addOwn: (file) => storeRecord(table, newRecord(file)),
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

/** The record of a new file, not stored yet. */
export function newRecord({ keys, iv, name, owner }: NewMedia): MediaRecord {
	const now = Date.now();
	return {
		id: toHex(crypto.getRandomValues(new Uint8Array(16))),
		owner,
		url: '',
		iv,
		keys,
		name,
		verdict: 'none',
		verifyFirst: false,
		createdAt: now,
		usedAt: now,
	};
}

export async function storeRecord(
	table: Table<MediaRecord>,
	record: MediaRecord,
): Promise<MediaRecord> {
	try {
		await table.update(record.id, () => record);
	} catch {
		// Private and lockdown modes cannot store a CryptoKey: the page keeps it, and the worker asks for it.
		const { keys: _, ...rest } = record;
		await table.update(record.id, () => rest);
	}
	return record;
}
