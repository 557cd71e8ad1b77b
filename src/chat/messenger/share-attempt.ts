import { type AesgcmUri, formatAesgcmUri } from '../../core/aesgcm-uri.ts';
import { toHex } from '../../core/bytes.ts';
import { TAG_LENGTH } from '../../core/gcm.ts';
import type { Mutex } from '../../core/mutex.ts';
import { ShareError } from '../../core/share-error.ts';
import { ciphertextOf, keepFile, makeKeptFile, sourceOfRecord } from '../../media/keep-file.ts';
import type { PutCiphertext } from '../../media/put-ciphertext.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Connection } from '../../xmpp/connection.ts';
import type { UploadService } from '../../xmpp/upload-service.ts';
import type { ChatMessage, OutboxEntry } from './chat-message.ts';
import type { MessageRows } from './message-rows.ts';
import type { MessageMedia } from './opened-media.ts';
import type { Outbox } from './outbox.ts';
import { entryOf } from './own-message.ts';
import type { ShareRow, ShareRows } from './share-rows.ts';
import type { SharedFiles } from './shared-files.ts';
import { createUploadSpeed } from './upload-speed.ts';

/** Dependencies of an upload. */
export interface ShareAttemptDependencies {
	/** bare */
	account: string;
	rows: MessageRows;
	shares: ShareRows;
	media: MessageMedia;
	vault: Vault;
	connection: Pick<Connection, 'requestUploadSlot'>;
	outbox: Pick<Outbox, 'add'>;
	/** what is read and written back is read and written by nobody else in between */
	serial: Mutex;
	/** what the server has; undefined if nothing */
	upload(): UploadService | undefined;
	/** everybody who will read it knows what a thumbnail is */
	showThumbnail(peer: string): Promise<boolean>;
	put: PutCiphertext;
	now: () => number;
}

/**
 * One try: uploads a file that is kept to a slot of its own, and then says it. Throws whatever stops it. What is uploaded
 * already is only said. `onMove`: some of it has left.
 */
export type ShareAttempt = (row: ShareRow, onMove: () => void) => Promise<void>;

export function createShareAttempt({
	account,
	rows,
	shares,
	files,
	media,
	vault,
	connection,
	outbox,
	serial,
	upload,
	showThumbnail,
	put,
	now,
}: ShareAttemptDependencies & { files: SharedFiles }): ShareAttempt {
	/** what lies on the server and could not be said yet, by the key of its message */
	const uploaded = new Map<string, AesgcmUri>();

	/** Encrypts a file anew under another key: some of it may have left under the old one. */
	async function renew(row: ShareRow, signal: AbortSignal): Promise<ShareRow> {
		const old = await vault.media.get(row.mediaId);
		if (old === undefined) throw new ShareError('file-lost');
		const source = await sourceOfRecord(old, vault);
		const { record, key: mediaKey } = await makeKeptFile(vault, row.name, account);
		const { size } = source;
		await keepFile({
			source,
			record,
			vault,
			signal,
			// All of a long file is read and written again: whoever waits for it sees that something goes on.
			onProgress: (done) => files.progress(row.key, { step: 'keeping', done, size }),
		});
		const after = { ...row, mediaId: record.id, mediaKey, isBegun: false };
		let isWanted = false;
		try {
			isWanted = await serial(async () => {
				if ((await shares.get(row.key)) === undefined) return false;
				await files.change(
					row,
					(message) =>
						message.share
							? { ...message, share: { ...message.share, mediaId: record.id } }
							: message,
					[await shares.put(after)],
				);
				return true;
			});
		} finally {
			await vault.media.remove(isWanted ? old.id : record.id);
		}
		if (!isWanted) throw new ShareError('cancelled');
		return after;
	}

	async function send(waiting: ShareRow, onMove: () => void): Promise<[ShareRow, AesgcmUri]> {
		const signal = files.signalOf(waiting.key);
		const service = upload();
		if (service === undefined) throw new ShareError('no-upload');
		const row = waiting.isBegun ? await renew(waiting, signal) : waiting;
		const record = await vault.media.get(row.mediaId);
		if (record?.size === undefined) throw new ShareError('file-lost');
		const { size, iv } = record;
		const body = await ciphertextOf(record, vault);
		const random = toHex(crypto.getRandomValues(new Uint8Array(12)));
		const name = row.extension === '' ? random : `${random}.${row.extension}`;
		const slot = await connection.requestUploadSlot(service, { name, size: size + TAG_LENGTH });
		const uri = { url: slot.get, iv, key: row.mediaKey };
		// Throws here, and not after the upload, where it could not be said.
		formatAesgcmUri(uri);
		await serial(async () => {
			// It may have been given up meanwhile: its row must not come back.
			if ((await shares.get(row.key)) === undefined) throw new ShareError('cancelled');
			await rows.write([await shares.put({ ...row, isBegun: true })]);
		});
		if (signal.aborted) throw new ShareError('cancelled');
		const speedOf = createUploadSpeed(now);
		await put(slot, body, {
			signal,
			onProgress(sent) {
				if (sent > 0) onMove();
				const done = Math.min(sent, size);
				files.progress(row.key, { step: 'uploading', done, size, speed: speedOf(sent) });
			},
		});
		return [row, uri];
	}

	/** Where a file lies that was uploaded before; undefined if it was not. */
	async function placeOf({ key, mediaId, mediaKey, isBegun }: ShareRow) {
		const known = uploaded.get(key);
		if (known !== undefined || !isBegun) return known;
		const record = await vault.media.get(mediaId);
		if (record === undefined || record.url === '') return undefined;
		return { url: new URL(record.url), iv: record.iv, key: mediaKey };
	}

	/** A caption goes out with what we felt about it meanwhile, unless it was taken back. */
	async function captionEntries(key: string | undefined): Promise<OutboxEntry[]> {
		const caption = key === undefined ? undefined : await rows.message(key);
		if (caption?.text === undefined || caption.isRetracted === true) return [];
		const said = entryOf(caption, caption.text);
		const emojis = caption.reactions?.own ?? [];
		if (emojis.length === 0) return [said];
		const content = { kind: 'reactions' as const, to: caption.id, emojis };
		const place = await rows.keyFor(caption.peer, now());
		return [said, { ...said, key: place, id: crypto.randomUUID(), content }];
	}

	/** The file is there: now it is said, once, together with the end of its row. */
	async function say(row: ShareRow, uri: string): Promise<void> {
		const hasThumbnail = row.thumbnail !== undefined && (await showThumbnail(row.peer));
		const text = hasThumbnail ? `${uri}\n${row.thumbnail}` : uri;
		await serial(async () => {
			const { share: _, ...message } = (await rows.message(row.key)) ?? {};
			if ((await shares.get(row.key)) === undefined || !isMessage(message)) return;
			const entries = await captionEntries(row.caption);
			const said = { ...message, text };
			const writes = [shares.remove(row.key), await media.put(said, row.mediaId)];
			const answered = row.answers && { replyTo: row.answers };
			const change = { message: said, isNew: false };
			await outbox.add(entryOf(said, text, answered), change, { writes, entries });
		});
		uploaded.delete(row.key);
		files.progress(row.key, undefined);
		files.local.delete(row.key);
		files.forget(row.key);
	}

	return async (waiting, onMove) => {
		const before = await placeOf(waiting);
		const [row, uri] = before ? [waiting, before] : await send(waiting, onMove);
		// It is neither encrypted nor uploaded again, whatever the next steps meet.
		uploaded.set(row.key, uri);
		await vault.media.uploaded(row.mediaId, uri);
		await say(row, formatAesgcmUri(uri));
	};
}

function isMessage(value: Partial<ChatMessage>): value is ChatMessage {
	return value.key !== undefined;
}
