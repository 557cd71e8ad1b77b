import { checkedTable } from './checked-table.ts';
import { type CiphertextFiles, NO_FILES } from './ciphertext-files.ts';
import { createMemoryTables, type Tables } from './database.ts';
import { createKeyring } from './keyring.ts';
import { LEDGER_ROW } from './ledger-rows.ts';
import { createMediaLinks, type MediaLinks } from './media-links.ts';
import { MEDIA_RECORD, readSettings, SEALED_TEXT, type Settings } from './media-record.ts';
import type { MediaRecords } from './media-records.ts';
import { createMemorySegments } from './memory-segments.ts';
import { createPreviews, type Previews } from './previews.ts';
import { createSegmentStore } from './segment-store.ts';
import { type StorageUsage, storagePersist, storageUsage } from './storage-usage.ts';
import {
	DEFAULT_SETTINGS,
	MEMORY_SEGMENTS,
	makeWorkerVault,
	openPlaces,
	type Places,
	type WorkerVault,
} from './worker-vault.ts';

/** All that the origin keeps, for a page. */
export interface Vault extends WorkerVault {
	readonly media: MediaRecords & MediaLinks;
	readonly previews: Previews;
	readonly settings: {
		get(): Promise<Settings>;
		set(patch: Partial<Settings>): Promise<void>;
	};
	usage(): Promise<StorageUsage>;
	/** Asks the browser to keep what is stored; the answer. */
	persist(): Promise<boolean>;
	/** Removes every media item with its segments. */
	clear(): Promise<void>;
	/** Removes everything but the settings, and all keys first. */
	erase(): Promise<void>;
}

/** Opens the vault of this origin; never fails, see `durable`. */
export async function openVault(): Promise<Vault> {
	return assemble(await openPlaces());
}

/** A vault that leaves nothing behind; at most `limit` bytes of segments, each of `segment` bytes. */
export function createMemoryVault({
	limit = MEMORY_SEGMENTS,
	segment,
	files = NO_FILES,
}: {
	limit?: number;
	segment?: number;
	files?: CiphertextFiles;
} = {}): Vault {
	const segments = createSegmentStore(createMemorySegments(limit), files, segment);
	return assemble({ tables: createMemoryTables(), segments, durable: false });
}

function assemble(places: Places): Vault {
	const tables = checked(places.tables);
	const { segments } = places;
	const { vault, keys, erasure } = makeWorkerVault({ ...places, tables });
	const keyring = createKeyring(keys);
	const previews = createPreviews({ table: tables.previews, media: tables.media, keyring });
	return {
		...vault,
		media: { ...vault.media, ...createMediaLinks(tables.media, keyring) },
		previews,
		settings: {
			get: async () => ({
				...DEFAULT_SETTINGS,
				...readSettings(await tables.settings.get('settings')),
			}),
			async set(patch) {
				await tables.settings.update('settings', (before) => ({
					...DEFAULT_SETTINGS,
					...readSettings(before),
					...patch,
				}));
			},
		},
		usage: storageUsage,
		persist: storagePersist,
		async clear() {
			await tables.media.removeAll();
			await Promise.all([
				tables.ledger.removeAll(),
				tables.saves.removeAll(),
				segments.clear(),
				previews.clear(),
			]);
		},
		async erase() {
			// The key first: what is left of the rest is noise without it.
			try {
				await tables.keys.removeAll();
				keys.forget();
				await Promise.all([this.clear(), tables.chat.removeAll()]);
			} finally {
				// Not before: what another page or the worker reads now is gone.
				erasure.tell();
			}
		},
	};
}

/** The page looks at what it reads. The worker does not: there the schemas would cost more than there is room for. */
function checked(tables: Tables): Tables {
	return {
		...tables,
		media: checkedTable(tables.media, MEDIA_RECORD),
		ledger: checkedTable(tables.ledger, LEDGER_ROW),
		chat: checkedTable(tables.chat, SEALED_TEXT),
		previews: checkedTable(tables.previews, SEALED_TEXT),
	};
}
