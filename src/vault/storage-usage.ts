import { MediaError } from '../core/errors.ts';

/** Bytes that the origin uses, and may use; zeros where the browser does not tell. */
export interface StorageUsage {
	readonly used: number;
	readonly quota: number;
	/** the browser has promised not to delete it on its own */
	readonly persisted: boolean;
}

export async function storageUsage(): Promise<StorageUsage> {
	const storage = storageManager();
	const [estimate, persisted] = await Promise.all([
		storage?.estimate?.().catch(() => undefined),
		storage?.persisted?.().catch(() => false),
	]);
	return {
		used: estimate?.usage ?? 0,
		quota: estimate?.quota ?? 0,
		persisted: persisted ?? false,
	};
}

/** Of the quota, so that there is room for all else. */
const SEGMENT_SHARE = 0.9;
/** Bytes, where the browser does not tell: WebKitGTK's quota is a gigabyte. */
const UNTOLD_LIMIT = 768 * 2 ** 20;

/** The most that segments may take, in bytes. */
export async function segmentLimit(): Promise<number> {
	const { quota } = await storageUsage();
	return quota > 0 ? quota * SEGMENT_SHARE : UNTOLD_LIMIT;
}

/** Throws MediaError `storage-full` if the browser says that so many bytes more do not fit. */
export async function checkRoom(bytes: number): Promise<void> {
	const { used, quota } = await storageUsage();
	if (quota > 0 && used + bytes > quota * SEGMENT_SHARE) throw new MediaError('storage-full');
}

export async function storagePersist(): Promise<boolean> {
	const persist = storageManager()?.persist;
	if (persist === undefined) return false;
	return persist.call(navigator.storage).catch(() => false);
}

/** What all of these may lack: contexts that are not secure, older browsers, and workers, which have no `persist`. */
interface PartialStorageManager {
	estimate?(): Promise<{ usage?: number; quota?: number }>;
	persisted?(): Promise<boolean>;
	persist?(): Promise<boolean>;
}

function storageManager(): PartialStorageManager | undefined {
	return typeof navigator === 'undefined' ? undefined : navigator.storage;
}
