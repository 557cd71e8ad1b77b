import { createBlobFiles } from './blob-files.ts';
import { type ChatRows, createChatRows } from './chat-rows.ts';
import { type CiphertextFiles, NO_FILES } from './ciphertext-files.ts';
import { createMemoryTables, openTables, type Tables } from './database.ts';
import { makeErasure } from './erasure.ts';
import { createFileSystemFiles } from './file-system-files.ts';
import { createKeyring } from './keyring.ts';
import { createLedgerRows, type LedgerRows } from './ledger-rows.ts';
import type { Settings } from './media-record.ts';
import { createMediaRecords, type MediaRecords } from './media-records.ts';
import { createMemorySegments } from './memory-segments.ts';
import { createPassingKey, type OriginKey } from './origin-key.ts';
import { createPreviews, type Previews } from './previews.ts';
import { createSaveTokens, type SaveTokens } from './save-tokens.ts';
import { createSegmentCache } from './segment-cache.ts';
import { createSegmentStore, type SegmentStore } from './segment-store.ts';
import { type StorageUsage, segmentLimit, storagePersist, storageUsage } from './storage-usage.ts';

const DEFAULT_SETTINGS: Settings = {
	verifyFirst: false,
	persistAsked: false,
	loadLimit: 10_000_000,
	loadKinds: ['image', 'audio', 'video', 'file'],
	loadMetered: false,
	voiceSpeed: 1,
};
/** How much is kept in memory where the Cache API refuses, in bytes. */
const MEMORY_SEGMENTS = 64 * 2 ** 20;

/** All that the origin keeps. */
export interface Vault {
	/** false: IndexedDB refused, and everything lives as long as this page or worker */
	readonly durable: boolean;
	readonly media: MediaRecords;
	readonly ledger: LedgerRows;
	readonly segments: SegmentStore;
	readonly previews: Previews;
	readonly saves: SaveTokens;
	/** the messenger's rows; in memory where the browser can store no key */
	readonly chat: ChatRows;
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
	/** `listener` is told whenever everything was erased, by whatever page; returns what ends that. */
	onErased(listener: () => void): () => void;
}

/** Opens the vault of this origin; never fails, see `durable`. */
export async function openVault(): Promise<Vault> {
	const [tables, cached] = await Promise.all([openTables(), cachesWork()]);
	const durable = tables !== undefined;
	const files = createFileSystemFiles() ?? (durable ? createBlobFiles(tables.files) : NO_FILES);
	const limit = async () => (await segmentLimit()) - (await files.bytes());
	const segments = cached
		? createSegmentCache(caches, limit)
		: createMemorySegments(MEMORY_SEGMENTS);
	return assemble({
		tables: tables ?? createMemoryTables(),
		segments: createSegmentStore(segments, files),
		durable,
	});
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

function assemble({
	tables,
	segments,
	durable,
}: {
	tables: Tables;
	segments: SegmentStore;
	durable: boolean;
}): Vault {
	const ledger = createLedgerRows(tables.ledger);
	const keyring = createKeyring(tables.keys);
	let passing: Promise<OriginKey> | undefined;
	const previews = createPreviews({ table: tables.previews, media: tables.media, keyring });
	const chat = createChatRows(tables.chat, async () => {
		passing ??= createPassingKey();
		return (await keyring.origin()) ?? passing;
	});
	const erasure = makeErasure(durable);
	// What is sealed with a key that is gone would be noise after a reload.
	erasure.listen(() => {
		keyring.forget();
		passing = undefined;
	});
	return {
		durable,
		chat,
		media: createMediaRecords({ table: tables.media, ledger, segments, previews, keyring }),
		ledger,
		segments,
		previews,
		saves: createSaveTokens(tables.saves),
		settings: {
			get: async () => ({
				...DEFAULT_SETTINGS,
				...(await tables.settings.get('settings')),
			}),
			async set(patch) {
				await tables.settings.update('settings', (before) => ({
					...DEFAULT_SETTINGS,
					...before,
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
				keyring.forget();
				await Promise.all([this.clear(), tables.chat.removeAll()]);
			} finally {
				// Not before: what another page or the worker reads now is gone.
				erasure.tell();
			}
		},
		onErased: erasure.listen,
	};
}

async function cachesWork(): Promise<boolean> {
	if (typeof caches === 'undefined') return false;
	try {
		await caches.has('balcony');
		return true;
	} catch {
		return false;
	}
}
