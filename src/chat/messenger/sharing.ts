import { cleanFileName, extensionOf } from '../../core/file-name.ts';
import { ShareError } from '../../core/share-error.ts';
import { makeKeptFile } from '../../media/keep-file.ts';
import { type PutCiphertext, putCiphertext } from '../../media/put-ciphertext.ts';
import { stagedMedia } from '../../media/staged-share.ts';
import type { ChatMessage } from './chat-message.ts';
import type { Conversations } from './conversations.ts';
import type { ShareProgress } from './messenger-state.ts';
import { newMessage } from './own-message.ts';
import { type ChosenFile, createShareKeeper } from './share-keeper.ts';
import { createShareQueue, type ShareQueueOwner } from './share-queue.ts';
import type { ShareRow } from './share-rows.ts';
import { createSharedFiles } from './shared-files.ts';

/** A file as it is to be sent: what it must not tell is gone from it. */
export interface PreparedFile {
	readonly blob: Blob;
	/** the true name, with the extension that it has now */
	readonly name: string;
	readonly thumbnail?: string | undefined;
}

/** Files on their way: kept, uploaded in their order, and only then said. */
export interface Sharing {
	/** Shows them in the conversation at once. Throws ShareError `not-encrypted`. */
	share(peer: string, files: readonly PreparedFile[], caption?: string): Promise<void>;
	/** Gives a file up: nothing of it stays. */
	cancelShare(message: ChatMessage): Promise<void>;
	retryShare(message: ChatMessage): Promise<void>;
	/** The file that was chosen, as long as this page has it. */
	localFile(message: ChatMessage): Blob | undefined;
}

export function createSharing({
	rows,
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
}: Omit<ShareQueueOwner, 'put' | 'now'> & {
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
	const files = createSharedFiles({ rows, shares, conversations, serial, progress });
	const keeper = createShareKeeper({ rows, shares, files, vault, serial, upload, report });
	const queue = createShareQueue({
		rows,
		shares,
		files,
		keeper,
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

	return {
		async share(peer, prepared, caption = '') {
			if (conversations.find(peer)?.isPlaintext) throw new ShareError('not-encrypted');
			const added: ChosenFile[] = [];
			for (const [index, file] of prepared.entries()) {
				const name = cleanFileName(file.name);
				const { record, key: mediaKey } = await makeKeptFile(vault, name);
				await serial(async () => {
					const share = { mediaId: record.id, name, size: file.blob.size };
					const message = await newMessage(rows, peer, now(), { share });
					const { key } = message;
					const hasCaption = index === prepared.length - 1 && caption !== '';
					const last = hasCaption
						? await newMessage(rows, peer, now(), { text: caption })
						: undefined;
					const row: ShareRow = {
						key,
						peer,
						mediaId: record.id,
						mediaKey,
						name,
						extension: extensionOf(name),
						isKept: false,
						isBegun: false,
						hasFailed: false,
						...(file.thumbnail === undefined ? {} : { thumbnail: file.thumbnail }),
						...(last === undefined ? {} : { caption: last.key }),
					};
					files.local.set(key, file.blob);
					added.push({ row, record, blob: file.blob });
					progress(key, { step: 'keeping', done: 0, size: file.blob.size });
					await conversations.keep(message, true, [await shares.put(row)]);
					if (last !== undefined) await conversations.keep(last, true);
				});
			}
			const kept = keeper.keep(added);
			queue.flush();
			await kept;
			queue.flush();
		},
		async cancelShare(message) {
			// Kept until its row has gone: the queue passes over it, and does not begin anew.
			files.giveUp(message.key);
			try {
				await serial(async () => {
					const row = await shares.get(message.key);
					if (row === undefined) return;
					const caption = row.caption === undefined ? undefined : await rows.message(row.caption);
					await conversations.drop(message, [shares.remove(row.key)]);
					if (caption !== undefined) await conversations.drop(caption);
					await vault.media.remove(row.mediaId);
				});
			} finally {
				files.forget(message.key);
			}
			files.local.delete(message.key);
			progress(message.key, undefined);
			queue.flush();
		},
		async retryShare(message) {
			const anew = await serial(async (): Promise<ChosenFile | undefined> => {
				const before = await shares.get(message.key);
				if (before === undefined) return undefined;
				const isKept = before.isKept || !before.hasFailed;
				const blob = isKept ? undefined : files.local.get(before.key);
				// Where it was to be kept is gone.
				const place = blob && (await makeKeptFile(vault, before.name));
				const moved = place && { mediaId: place.record.id, mediaKey: place.key };
				const row: ShareRow = { ...before, ...moved, hasFailed: false };
				await files.change(
					row,
					({ problem: _, problemDetail: __, ...failed }) => ({
						...failed,
						state: 'waiting',
						...(failed.share && { share: { ...failed.share, mediaId: row.mediaId } }),
					}),
					[await shares.put(row)],
				);
				return place && blob && { row, record: place.record, blob };
			});
			progress(message.key, { step: 'waiting', done: 0, size: message.share?.size ?? 0 });
			const kept = anew && keeper.keep([anew]);
			queue.retry();
			await kept;
			queue.flush();
		},
		localFile: ({ key }) => files.local.get(key),
		async load() {
			const wanted = new Set([...(await shares.mediaIds()), ...(await stagedMedia(vault))]);
			for (const { id, url } of await vault.media.list())
				if (url === '' && !wanted.has(id)) await vault.media.remove(id);
			const waiting = await shares.all();
			for (const row of waiting)
				if (!row.isKept && !row.hasFailed) await files.fail(row, new ShareError('file-lost'));
				else if (!row.hasFailed) {
					const { size = 0 } = (await vault.media.get(row.mediaId)) ?? {};
					progress(row.key, { step: 'waiting', done: 0, size });
				}
		},
		flush: queue.flush,
		async close() {
			files.close();
			// Who opens the account next must not find half of it done.
			await Promise.all([queue.close(), keeper.settled()]);
		},
	};
}
