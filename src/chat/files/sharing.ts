import { ShareError } from '../../core/share-error.ts';
import { cleanFileName, extensionOf } from '../../core/text/file-name.ts';
import { makeKeptFile } from '../../media/keep-file.ts';
import { type PutCiphertext, putCiphertext } from '../../media/put-ciphertext.ts';
import { stagedMedia } from '../../media/staged-share.ts';
import type { Conversations } from '../messages/conversations.ts';
import { newMessage } from '../messages/own-message.ts';
import type { Message } from '../model/message.ts';
import type { ShareProgress } from '../model/messenger-state.ts';
import { readFailure } from './upload-failure.ts';
import { type ChosenFile, createUploadIntake } from './upload-intake.ts';
import { createSharedFiles } from './upload-jobs.ts';
import { createShareQueue, type ShareQueueDependencies } from './upload-queue.ts';
import type { ShareRow } from './upload-store.ts';

/** A file as it is to be sent: what it must not tell is gone from it. */
export interface PreparedFile {
	readonly blob: Blob;
	/** the true name, with the extension that it has now */
	readonly name: string;
	readonly thumbnail?: string | undefined;
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
	shares,
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
}: Omit<ShareQueueDependencies, 'put' | 'now'> & {
	/** bare */
	account: string;
	put?: PutCiphertext;
	now?: () => number;
	conversations: Conversations;
	/** shows how far a file has come; undefined once it is there, or given up */
	progress(key: string, progress: ShareProgress | undefined): void;
}): Sharing & {
	/** Goes on with what waits, also after a restart. */
	load(): Promise<void>;
	flush(): void;
	/** Gives up what is under way; resolves once nothing is written any more. */
	close(): Promise<void>;
} {
	const files = createSharedFiles({
		stores,
		shares,
		conversations,
		vault,
		serial,
		progress,
		report,
	});
	const intake = createUploadIntake({ stores, shares, files, vault, serial, upload, report });
	const queue = createShareQueue({
		stores,
		shares,
		files,
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

	/** Adds a file, and what is said behind it, to its conversation. */
	async function add(
		peer: string,
		file: PreparedFile,
		{ caption, replyTo }: { caption: string; replyTo: Message | undefined },
		added: Added[],
	): Promise<void> {
		const name = cleanFileName(file.name);
		const { record, key: mediaKey } = await makeKeptFile(vault, name, account);
		await serial(async () => {
			const share = { mediaId: record.id, name, size: file.blob.size };
			// A quote in front of its link would make a text of it.
			const answered = replyTo && {
				replyTo: { id: replyTo.id, key: replyTo.key, isQuoted: false },
			};
			const message = await newMessage({ stores, account }, peer, now(), { share, ...answered });
			const { key } = message;
			const last =
				caption === ''
					? undefined
					: await newMessage({ stores, account }, peer, now(), { text: caption });
			const row: ShareRow = {
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
				...(last === undefined ? {} : { caption: last.key }),
			};
			files.local.set(key, file.blob);
			added.push({ row, record, blob: file.blob, message });
			progress(key, { step: 'keeping', done: 0, size: file.blob.size });
			await conversations.keep(message, true, [await shares.put(row)]);
			if (last !== undefined) await conversations.keep(last, true);
		});
	}

	/** All of it is in its place, whatever its row says. */
	async function isWhole({ mediaId }: ShareRow): Promise<boolean> {
		return (await vault.media.get(mediaId))?.verdict === 'verified';
	}

	/** Shows how far a file has come that was left behind by another page. */
	async function loadOne(row: ShareRow): Promise<void> {
		// Its conversation was removed.
		if ((await stores.messages.get(row.key)) === undefined) return files.giveUp(row.key);
		if (row.hasFailed) return;
		const isKept = row.isKept || (await isWhole(row));
		if (!isKept) {
			await files.fail(row, new ShareError('file-lost'));
			return;
		}
		if (!row.isKept) await stores.write([await shares.put({ ...row, isKept })]);
		const { size = 0 } = (await vault.media.get(row.mediaId)) ?? {};
		progress(row.key, { step: 'waiting', done: 0, size });
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
					await files.giveUp(message.key).catch(report);
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
			await files.giveUp(message.key);
			queue.retry(message.peer);
		},
		async retryShare(message) {
			const anew = await serial(async (): Promise<ChosenFile | undefined> => {
				const before = await shares.get(message.key);
				if (before === undefined) return undefined;
				const hasFailed = before.hasFailed || files.unwritten(before.key) !== undefined;
				const isKept = before.isKept || (await isWhole(before));
				const blob = isKept || !hasFailed ? undefined : files.local.get(before.key);
				// Where it was to be kept is gone.
				const place = blob && (await makeKeptFile(vault, before.name, account));
				const moved = place && { mediaId: place.record.id, mediaKey: place.key };
				const row: ShareRow = { ...before, ...moved, isKept, hasFailed: false };
				await files.change(
					row,
					({ problem: _, problemDetail: __, ...failed }) => ({
						...failed,
						state: 'waiting',
						...(failed.share && { share: { ...failed.share, mediaId: row.mediaId } }),
					}),
					[await shares.put(row)],
				);
				files.clear(row.key);
				return place && blob && { row, record: place.record, blob };
			});
			progress(message.key, { step: 'waiting', done: 0, size: message.share?.size ?? 0 });
			const kept = anew && intake.keep([anew]);
			queue.retry(message.peer);
			await kept;
			queue.flush();
		},
		localFile: ({ key }) => files.local.get(key),
		async load() {
			const wanted = new Set([...(await shares.mediaIds()), ...(await stagedMedia(vault))]);
			for (const { id, url } of await vault.media.list())
				if (url === '' && !wanted.has(id)) await vault.media.remove(id).catch(report);
			for (const row of await shares.all()) await loadOne(row).catch(report);
		},
		flush: queue.flush,
		async close() {
			files.close();
			// Who opens the account next must not find half of it done.
			await Promise.all([queue.close(), intake.settled()]);
		},
	};
}
