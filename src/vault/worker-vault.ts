import { createBlobFiles } from './blob-files.ts';
import { type ChatRows, createChatRows } from './chat-rows.ts';
import { NO_FILES } from './ciphertext-files.ts';
import { createMemoryTables, openTables, type Tables } from './database.ts';
import { type Erasure, makeErasure } from './erasure.ts';
import { createFileSystemFiles } from './file-system-files.ts';
import { createKeyCache, type KeyCache } from './key-cache.ts';
import { createLedgerRows, type LedgerRows } from './ledger-rows.ts';
import type { Settings } from './media-record.ts';
import { createMediaRecords, type MediaRecords } from './media-records.ts';
import { createMemorySegments } from './memory-segments.ts';
import { createPassingKey, type OriginKey } from './origin-key.ts';
import { removePreviews } from './preview-rows.ts';
import { createSaveTokens, type SaveTokens } from './save-tokens.ts';
import { createSegmentCache } from './segment-cache.ts';
import { createSegmentStore, type SegmentStore } from './segment-store.ts';
import { segmentLimit } from './storage-usage.ts';

export const DEFAULT_SETTINGS: Settings = {
	verifyFirst: false,
	persistAsked: false,
	loadLimit: 10_000_000,
	loadKinds: ['image', 'audio', 'video', 'file'],
	loadMetered: false,
	voiceSpeed: 1,
};
/** How much is kept in memory where the Cache API refuses, in bytes. */
export const MEMORY_SEGMENTS = 64 * 2 ** 20;

/** The part of the vault that the worker needs; the page needs more, see Vault. */
export interface WorkerVault {
	/** false: IndexedDB refused, and everything lives as long as this page or worker */
	readonly durable: boolean;
	readonly media: MediaRecords;
	readonly ledger: LedgerRows;
	readonly segments: SegmentStore;
	readonly previews: { remove(id: string): Promise<void> };
	readonly saves: SaveTokens;
	/** the messenger's rows; in memory where the browser can store no key */
	readonly chat: ChatRows;
	readonly settings: { get(): Promise<Settings> };
	/** `listener` is told whenever everything was erased, by whatever page; returns what ends that. */
	onErased(listener: () => void): () => void;
}

/** Where the origin keeps it. */
export interface Places {
	readonly tables: Tables;
	readonly segments: SegmentStore;
	readonly durable: boolean;
}

/** Opens what this origin keeps; never fails, see `durable`. */
export async function openPlaces(): Promise<Places> {
	const [tables, cached] = await Promise.all([openTables(), cachesWork()]);
	const durable = tables !== undefined;
	const files = createFileSystemFiles() ?? (durable ? createBlobFiles(tables.files) : NO_FILES);
	const limit = async () => (await segmentLimit()) - (await files.bytes());
	const segments = cached
		? createSegmentCache(caches, limit)
		: createMemorySegments(MEMORY_SEGMENTS);
	return {
		tables: tables ?? createMemoryTables(),
		segments: createSegmentStore(segments, files),
		durable,
	};
}

export async function openWorkerVault(): Promise<WorkerVault> {
	return makeWorkerVault(await openPlaces()).vault;
}

/** The same with the keys and the erasure that it uses. */
export function makeWorkerVault({ tables, segments, durable }: Places): {
	vault: WorkerVault;
	keys: KeyCache;
	erasure: Erasure;
} {
	const ledger = createLedgerRows(tables.ledger);
	const keys = createKeyCache(tables.keys);
	let passing: Promise<OriginKey> | undefined;
	const chat = createChatRows(tables.chat, async () => {
		passing ??= createPassingKey();
		return (await keys.origin()) ?? passing;
	});
	const erasure = makeErasure(durable);
	// What is sealed with a key that is gone would be noise after a reload.
	erasure.listen(() => {
		keys.forget();
		passing = undefined;
	});
	const previews = { remove: (id: string) => removePreviews(tables.previews, [id]) };
	const vault: WorkerVault = {
		durable,
		chat,
		media: createMediaRecords({ table: tables.media, ledger, segments, previews }),
		ledger,
		segments,
		previews,
		saves: createSaveTokens(tables.saves),
		settings: {
			get: async () => ({
				...DEFAULT_SETTINGS,
				...(await tables.settings.get('settings')),
			}),
		},
		onErased: erasure.listen,
	};
	return { vault, keys, erasure };
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
