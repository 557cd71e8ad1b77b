import type { Mutex } from '../../core/async/mutex.ts';
import { TAG_LENGTH } from '../../core/crypto/gcm.ts';
import { ShareError } from '../../core/share-error.ts';
import { keepFile, sourceOfBlob } from '../../media/keep-file.ts';
import { makeTableWriter } from '../../media/table-writer.ts';
import type { MediaRecord } from '../../vault/media-record.ts';
import type { Vault } from '../../vault/vault.ts';
import type { UploadService } from '../../xmpp/extensions/upload.ts';
import type { Stores } from '../messages/stores.ts';
import { readFailure } from './upload-failure.ts';
import type { UploadJobs } from './upload-jobs.ts';
import type { UploadJob, UploadStore } from './upload-store.ts';

/** A file that was just chosen, and its place. */
export interface ChosenFile {
	readonly job: UploadJob;
	readonly record: MediaRecord;
	readonly blob: Blob;
}

/** Encrypts what was chosen into the vault: from then on it needs neither this page nor the file. */
export interface UploadIntake {
	/** One after another, and at once. Resolves when all of them are kept, or have failed. */
	keep(files: readonly ChosenFile[]): Promise<void>;
	/** The end of what is being done for a file; undefined if nothing is. */
	underway(key: string): Promise<void> | undefined;
	/** Resolves once nothing is written any more. */
	settled(): Promise<void>;
}

export function createUploadIntake({
	stores,
	uploadStore,
	jobs,
	vault,
	serial,
	upload,
	report,
}: {
	stores: Stores;
	uploadStore: UploadStore;
	jobs: UploadJobs;
	vault: Vault;
	/** what is read and written back is read and written by nobody else in between */
	serial: Mutex;
	/** what the server has; undefined if nothing, or not known yet */
	upload(): UploadService | undefined;
	/** tells of a mistake of ours */
	report(thrown: unknown): void;
}): UploadIntake {
	const underway = new Map<string, Promise<void>>();

	async function keepOne({ job, record, blob }: ChosenFile): Promise<void> {
		const { size } = blob;
		let isWhole = false;
		try {
			const signal = jobs.signalOf(job.key);
			const limit = upload()?.maxSize;
			if (limit !== undefined && size + TAG_LENGTH > limit)
				throw new ShareError('too-large', { detail: { limit } });
			await keepFile({
				source: sourceOfBlob(blob),
				record,
				vault,
				signal,
				makeTable: makeTableWriter,
				onProgress: (done) => jobs.progress(job.key, { step: 'keeping', done, size }),
			});
			isWhole = true;
			await serial(async () => {
				if ((await uploadStore.get(job.key)) === undefined) return;
				await stores.write([await uploadStore.put({ ...job, isKept: true })]);
			});
			jobs.progress(job.key, { step: 'waiting', done: 0, size });
		} catch (thrown) {
			const { error, isBug } = readFailure(thrown);
			if (isBug) report(thrown);
			// The next try begins with a new place; what is whole is not encrypted again.
			if (!isWhole) await vault.media.remove(record.id).catch(() => undefined);
			if (error.code !== 'cancelled' && !jobs.closed) await jobs.fail(job, error);
		} finally {
			underway.delete(job.key);
		}
	}

	return {
		async keep(chosen) {
			let before = Promise.resolve();
			for (const file of chosen) {
				before = before.then(() => keepOne(file)).catch(report);
				underway.set(file.job.key, before);
			}
			await before;
		},
		underway: (key) => underway.get(key),
		async settled() {
			await Promise.all(underway.values());
		},
	};
}
