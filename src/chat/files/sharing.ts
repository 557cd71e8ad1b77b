import { newFileSecret } from '../../core/crypto/file-keys.ts';
import { ShareError } from '../../core/share-error.ts';
import { cleanFileName, extensionOf } from '../../core/text/file-name.ts';
import { type KeptFile, makeKeptFile, sourceOfBlob } from '../../media/keep-file.ts';
import { type PutCiphertext, putCiphertext } from '../../media/put-ciphertext.ts';
import { stagedMedia } from '../../media/staged-share.ts';
import { tablePlaceOf } from '../../media/table-writer.ts';
import type { Conversations } from '../messages/conversations.ts';
import { newMessage } from '../messages/own-message.ts';
import type { Message } from '../model/message.ts';
import type { UploadProgress } from '../model/messenger-state.ts';
import { readFailure } from './upload-failure.ts';
import { type ChosenFile, createUploadIntake } from './upload-intake.ts';
import { createUploadJobs } from './upload-jobs.ts';
import { createUploadQueue, type UploadQueueDependencies } from './upload-queue.ts';
import type { UploadJob } from './upload-store.ts';

/** A file as it is to be sent: what it must not tell is gone from it. */
export interface PreparedFile {
	readonly blob: Blob;
	/** the true name, with the extension that it has now */
	readonly name: string;
	readonly thumbnail?: string | undefined;
	/** the name that is said behind it; where there is none, nobody learns it */
	readonly said?: string | undefined;
}

/** A file and the message that shows it. */
interface Added extends ChosenFile {
	readonly message: Message;
}

/** Files on their way: kept, uploaded in their order, and only then said. */
export interface Sharing {
	/** Shows all of them in the conversation at once, or throws ShareError: `not-encrypted`, `storage-full`, `internal`. */
	share(
		peer: string,
		files: readonly PreparedFile[],
		/** goes out behind them */
		caption?: string,
		/** what the first one answers */
		replyTo?: Message,
	): Promise<void>;
	/** Gives a file up: nothing of it stays. */
	cancelShare(message: Message): Promise<void>;
	retryShare(message: Message): Promise<void>;
	/** The file that was chosen, as long as this page has it. */
	localFile(message: Message): Blob | undefined;
}

export function createSharing({
	account,
	stores,
	uploadStore,
	media,
	vault,
	connection,
	outbox,
	conversations,
	serial,
	upload,
	isReady,
	progress,
	showThumbnail,
	report,
	put = putCiphertext,
	now = Date.now,
}: Omit<UploadQueueDependencies, 'put' | 'now'> & {
	/** bare */
	account: string;
	put?: PutCiphertext;
	now?: () => number;
	conversations: Conversations;
	/** shows how far a file has come; undefined once it is there, or given up */
	progress(key: string, progress: UploadProgress | undefined): void;
}): Sharing & {
	/** Goes on with what waits, also after a restart. */
	load(): Promise<void>;
	flush(): void;
	/** Gives up what is under way; resolves once nothing is written any more. */
	close(): Promise<void>;
} {
	const jobs = createUploadJobs({
		stores,
		uploadStore,
		conversations,
		vault,
		serial,
		progress,
		report,
	});
	const intake = createUploadIntake({ stores, uploadStore, jobs, vault, serial, upload, report });
	const queue = createUploadQueue({
		stores,
		uploadStore,
		jobs,
		intake,
		media,
		vault,
		connection,
		outbox,
		serial,
		upload,
		isReady,
		showThumbnail,
		report,
		put,
		now,
	});

	async function placeFor(name: string, blob: Blob): Promise<KeptFile> {
		// One that cannot be read says so when it is to be encrypted.
		const place = await tablePlaceOf(sourceOfBlob(blob)).catch(() => undefined);
		return makeKeptFile(vault, name, account, await newFileSecret(place !== undefined));
	}

	/** Adds a file, and what is said behind it, to its conversation. */
	async function add(
		peer: string,
		file: PreparedFile,
		{ caption, replyTo }: { caption: string; replyTo: Message | undefined },
		added: Added[],
	): Promise<void> {
		const name = cleanFileName(file.name);
		const { record, key: mediaKey } = await placeFor(name, file.blob);
		await serial(async () => {
			const share = { mediaId: record.id, name, size: file.blob.size };
			// A quote in front of its link would make a text of it.
			const answered = replyTo && {
				replyTo: { id: replyTo.id, key: replyTo.key, isQuoted: false },
			};
			const message = await newMessage({ stores, account }, peer, now(), { share, ...answered });
			const { key } = message;
			const behind = async (text = '') =>
				text === '' ? undefined : newMessage({ stores, account }, peer, now(), { text });
			const naming = await behind(file.said);
			const last = await behind(caption);
			const job: UploadJob = {
				key,
				peer,
				mediaId: record.id,
				mediaKey,
				name,
				extension: extensionOf(name),
				isKept: false,
				hasFailed: false,
				...(file.thumbnail === undefined ? {} : { thumbnail: file.thumbnail }),
				...(replyTo && { answers: { id: replyTo.id, author: replyTo.isOwn ? account : peer } }),
				...(naming === undefined ? {} : { naming: naming.key }),
				...(last === undefined ? {} : { caption: last.key }),
			};
			jobs.local.set(key, file.blob);
			added.push({ job, record, blob: file.blob, message });
			progress(key, { step: 'keeping', done: 0, size: file.blob.size });
			await conversations.keep(message, true, [await uploadStore.put(job)]);
			if (naming !== undefined) await conversations.keep(naming, true);
			if (last !== undefined) await conversations.keep(last, true);
		});
	}

	/** All of it is in its place, whatever its job says. */
	async function isWhole({ mediaId }: UploadJob): Promise<boolean> {
		return (await vault.media.get(mediaId))?.verdict === 'verified';
	}

	/** Shows how far a file has come that was left behind by another page. */
	async function loadOne(job: UploadJob): Promise<void> {
		// Its conversation was removed.
		if ((await stores.messages.get(job.key)) === undefined) return jobs.giveUp(job.key);
		if (job.hasFailed) return;
		const isKept = job.isKept || (await isWhole(job));
		if (!isKept) {
			await jobs.fail(job, new ShareError('file-lost'));
			return;
		}
		if (!job.isKept) await stores.write([await uploadStore.put({ ...job, isKept })]);
		const { size = 0 } = (await vault.media.get(job.mediaId)) ?? {};
		progress(job.key, { step: 'waiting', done: 0, size });
	}

	return {
		async share(peer, prepared, caption = '', replyTo) {
			if (conversations.find(peer)?.isPlaintext) throw new ShareError('not-encrypted');
			const added: Added[] = [];
			try {
				for (const [index, file] of prepared.entries()) {
					const said = {
						caption: index === prepared.length - 1 ? caption : '',
						replyTo: index === 0 ? replyTo : undefined,
					};
					await add(peer, file, said, added);
				}
			} catch (thrown) {
				const { error, isBug } = readFailure(thrown);
				if (isBug) report(thrown);
				// All of them or none: they go back to where they were chosen.
				for (const { message, record } of added) {
					await jobs.giveUp(message.key).catch(report);
					await vault.media.remove(record.id).catch(report);
				}
				throw error;
			}
			const kept = intake.keep(added);
			queue.flush();
			await kept;
			queue.flush();
		},
		async cancelShare(message) {
			await jobs.giveUp(message.key);
			queue.retry(message.peer);
		},
		async retryShare(message) {
			const anew = await serial(async (): Promise<ChosenFile | undefined> => {
				const before = await uploadStore.get(message.key);
				if (before === undefined) return undefined;
				const hasFailed = before.hasFailed || jobs.unwritten(before.key) !== undefined;
				const isKept = before.isKept || (await isWhole(before));
				const blob = isKept || !hasFailed ? undefined : jobs.local.get(before.key);
				// Where it was to be kept is gone.
				const place = blob && (await placeFor(before.name, blob));
				const moved = place && { mediaId: place.record.id, mediaKey: place.key };
				const job: UploadJob = { ...before, ...moved, isKept, hasFailed: false };
				await jobs.change(
					job,
					({ problem: _, problemDetail: __, ...failed }) => ({
						...failed,
						state: 'waiting',
						...(failed.share && { share: { ...failed.share, mediaId: job.mediaId } }),
					}),
					[await uploadStore.put(job)],
				);
				jobs.clear(job.key);
				return place && blob && { job, record: place.record, blob };
			});
			progress(message.key, { step: 'waiting', done: 0, size: message.share?.size ?? 0 });
			const kept = anew && intake.keep([anew]);
			queue.retry(message.peer);
			await kept;
			queue.flush();
		},
		localFile: ({ key }) => jobs.local.get(key),
		async load() {
			const wanted = new Set([...(await uploadStore.mediaIds()), ...(await stagedMedia(vault))]);
			for (const { id, url } of await vault.media.list())
				if (url === '' && !wanted.has(id)) await vault.media.remove(id).catch(report);
			for (const job of await uploadStore.all()) await loadOne(job).catch(report);
		},
		flush: queue.flush,
		async close() {
			jobs.close();
			// Who opens the account next must not find half of it done.
			await Promise.all([queue.close(), intake.settled()]);
		},
	};
}
