import type { Mutex } from '../../core/async/mutex.ts';
import { ShareError } from '../../core/share-error.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Conversations } from '../messages/conversations.ts';
import type { Stores } from '../messages/stores.ts';
import type { Message } from '../model/message.ts';
import type { UploadProgress } from '../model/messenger-state.ts';
import { readFailure } from './upload-failure.ts';
import { behindOf, type UploadJob, type UploadStore } from './upload-store.ts';

/** Files that are on their way: their jobs in step with their messages, and who gives them up. */
export interface UploadJobs {
	/** the files that were chosen, as long as this page has them, by the key of their message */
	readonly local: Map<string, Blob>;
	/** Changes a message that still waits, together with other writes; or does these alone. In the messenger's turn. */
	change(
		job: UploadJob,
		work: (message: Message) => Message,
		writes: Parameters<Stores['write']>[0],
	): Promise<void>;
	/** It is not tried again automatically. Resolves to false if not even that could be written: see `unwritten`. */
	fail(job: UploadJob, error: ShareError): Promise<boolean>;
	/** Why a file has failed, as long as that is not written down. */
	unwritten(key: string): ShareError | undefined;
	/** It is to be tried again. */
	clear(key: string): void;
	/** Tells how far a file has come; undefined once it is there, or given up. */
	progress(key: string, progress: UploadProgress | undefined): void;
	/** Goes off once somebody gives the file up. Throws ShareError `cancelled` where nothing is begun any more. */
	signalOf(key: string): AbortSignal;
	/** It is being given up: the queue passes over it. */
	isGivenUp(key: string): boolean;
	/**
	 * Gives a file up. Removes all that there is of it: its message, if that is not gone already, and what is said behind
	 * it, too. Throws MediaError.
	 */
	giveUp(key: string): Promise<void>;
	/** It was said, or has gone: there is nothing left to give up. */
	forget(key: string): void;
	readonly closed: boolean;
	/** Gives up what is under way, without an end: it goes on with the next start. */
	close(): void;
}

export function createUploadJobs({
	stores,
	uploadStore,
	conversations,
	vault,
	serial,
	progress,
	report,
}: {
	stores: Stores;
	uploadStore: UploadStore;
	conversations: Conversations;
	vault: Vault;
	/** what is read and written back is read and written by nobody else in between */
	serial: Mutex;
	progress: UploadJobs['progress'];
	/** tells of a mistake of ours */
	report(thrown: unknown): void;
}): UploadJobs {
	const unwritten = new Map<string, ShareError>();
	const aborts = new Map<string, AbortController>();
	let closed = false;

	function abortOf(key: string): AbortController {
		if (closed) throw new ShareError('cancelled');
		const known = aborts.get(key);
		if (known !== undefined) return known;
		const made = new AbortController();
		aborts.set(key, made);
		return made;
	}

	function forget(key: string): void {
		aborts.delete(key);
		unwritten.delete(key);
	}

	const change: UploadJobs['change'] = async ({ key }, work, writes) => {
		const message = await stores.messages.get(key);
		if (message?.share === undefined) await stores.write(writes);
		else await conversations.keep(work(message), false, writes);
	};

	const local = new Map<string, Blob>();
	return {
		local,
		change,
		async fail({ key }, error) {
			const { code, detail } = error;
			try {
				await serial(async () => {
					const job = await uploadStore.get(key);
					if (job === undefined) return;
					await change(
						job,
						(message) => ({ ...message, state: 'failed', problem: code, problemDetail: detail }),
						[await uploadStore.put({ ...job, hasFailed: true })],
					);
				});
			} catch (thrown) {
				// A full disk, mostly. It must not be tried anew for that, with all its encrypting.
				if (readFailure(thrown).isBug) report(thrown);
				unwritten.set(key, error);
				return false;
			}
			unwritten.delete(key);
			progress(key, undefined);
			return true;
		},
		unwritten: (key) => unwritten.get(key),
		clear: (key) => void unwritten.delete(key),
		progress,
		signalOf: (key) => abortOf(key).signal,
		isGivenUp: (key) => aborts.get(key)?.signal.aborted === true,
		async giveUp(key) {
			// Kept until its job has gone: the queue passes over it, and does not begin anew.
			abortOf(key).abort();
			await serial(async () => {
				const job = await uploadStore.get(key);
				if (job === undefined) return;
				const message = await stores.messages.get(key);
				const behind = await Promise.all(behindOf(job).map((one) => stores.messages.get(one)));
				// First, or it would name what is in front of the file.
				for (const said of behind) if (said !== undefined) await conversations.drop(said);
				if (message === undefined) await stores.write([uploadStore.remove(key)]);
				else await conversations.drop(message, [uploadStore.remove(key)]);
				await vault.media.remove(job.mediaId);
			});
			forget(key);
			local.delete(key);
			progress(key, undefined);
		},
		forget,
		get closed() {
			return closed;
		},
		close() {
			closed = true;
			for (const abort of aborts.values()) abort.abort();
		},
	};
}
