import { formatAesgcmUri } from '../../core/aesgcm-uri.ts';
import { toHex } from '../../core/bytes.ts';
import { TAG_LENGTH } from '../../core/gcm.ts';
import type { Mutex } from '../../core/mutex.ts';
import { ShareError, type ShareErrorCode } from '../../core/share-error.ts';
import { ciphertextOf, keepFile, makeKeptFile, sourceOfRecord } from '../../media/keep-file.ts';
import type { PutCiphertext } from '../../media/put-ciphertext.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Connection } from '../../xmpp/connection.ts';
import type { UploadService } from '../../xmpp/upload-service.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import type { ChatMessage } from './chat-message.ts';
import type { MessageMedia } from './message-media.ts';
import type { MessageRows } from './message-rows.ts';
import type { Outbox } from './outbox.ts';
import { entryOf } from './own-message.ts';
import type { ShareKeeper } from './share-keeper.ts';
import type { ShareRow, ShareRows } from './share-rows.ts';
import type { SharedFiles } from './shared-files.ts';
import { createUploadSpeed } from './upload-speed.ts';

/** Milliseconds before a file is tried again, doubled each time up to the last. */
const BACKOFF = 1000;
const MOST_BACKOFF = 30_000;
/** Tries in a row of which nothing came, on a line that works otherwise, before somebody is asked. */
const MOST_TRIES = 6;

/** Files that are uploaded, in their order, each to a slot of its own, and only then said. */
export interface ShareQueue {
	/** Goes on with what waits. */
	flush(): void;
	/** The same, as if nothing had been tried yet. */
	retry(): void;
	/** Gives up what is under way; resolves once nothing is written any more. */
	close(): Promise<void>;
}

/** What the queue needs of its surroundings. */
export interface ShareQueueOwner {
	rows: MessageRows;
	shares: ShareRows;
	media: MessageMedia;
	vault: Vault;
	connection: Pick<Connection, 'requestUploadSlot'>;
	outbox: Outbox;
	/** what is read and written back is read and written by nobody else in between */
	serial: Mutex;
	/** what the server has; undefined if nothing */
	upload(): UploadService | undefined;
	/** there is a connection, and the server has said what it takes */
	isReady(): boolean;
	/** everybody who will read it knows what a thumbnail is */
	showThumbnail(peer: string): Promise<boolean>;
	/** tells of a mistake of ours */
	report(thrown: unknown): void;
	put: PutCiphertext;
	now: () => number;
}

export function createShareQueue({
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
}: ShareQueueOwner & { files: SharedFiles; keeper: ShareKeeper }): ShareQueue {
	let tries = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let running: Promise<void> | undefined;
	let again = false;

	/** What may have left under its key is encrypted anew, under another. */
	async function renew(row: ShareRow, signal: AbortSignal): Promise<ShareRow> {
		const old = await vault.media.get(row.mediaId);
		if (old === undefined) throw new ShareError('file-lost');
		const source = await sourceOfRecord(old, vault);
		const { record, key: mediaKey } = await makeKeptFile(vault, row.name);
		await keepFile({ source, record, vault, signal });
		const after = { ...row, mediaId: record.id, mediaKey, isBegun: false };
		const isWanted = await serial(async () => {
			if ((await shares.get(row.key)) === undefined) return false;
			await files.change(
				row,
				(message) =>
					message.share ? { ...message, share: { ...message.share, mediaId: record.id } } : message,
				[await shares.put(after)],
			);
			return true;
		});
		await vault.media.remove(isWanted ? old.id : record.id);
		if (!isWanted) throw new ShareError('cancelled');
		return after;
	}

	async function attempt(waiting: ShareRow): Promise<void> {
		const signal = files.signalOf(waiting.key);
		const service = upload();
		if (service === undefined) throw new ShareError('no-upload');
		const row = waiting.isBegun ? await renew(waiting, signal) : waiting;
		const record = await vault.media.get(row.mediaId);
		if (record?.size === undefined) throw new ShareError('file-lost');
		const { size } = record;
		const body = await ciphertextOf(record, vault);
		const random = toHex(crypto.getRandomValues(new Uint8Array(12)));
		const name = row.extension === '' ? random : `${random}.${row.extension}`;
		const slot = await connection.requestUploadSlot(service, { name, size: size + TAG_LENGTH });
		await serial(async () => {
			// What was given up meanwhile must not come back by this.
			if ((await shares.get(row.key)) === undefined) throw new ShareError('cancelled');
			await rows.write([await shares.put({ ...row, isBegun: true })]);
		});
		if (signal.aborted) throw new ShareError('cancelled');
		const speedOf = createUploadSpeed(now);
		await put(slot, body, {
			signal,
			onProgress(sent) {
				// A line that breaks every few seconds is one that works.
				if (sent > 0) tries = 0;
				const done = Math.min(sent, size);
				files.progress(row.key, { step: 'uploading', done, size, speed: speedOf(sent) });
			},
		});
		const { iv } = record;
		const uri = { url: slot.get, iv, key: row.mediaKey };
		await vault.media.uploaded(row.mediaId, uri);
		await say(row, formatAesgcmUri(uri));
	}

	/** The file is there: now it is said, once, together with the end of its row. */
	async function say(row: ShareRow, uri: string): Promise<void> {
		const hasThumbnail = row.thumbnail !== undefined && (await showThumbnail(row.peer));
		const text = hasThumbnail ? `${uri}\n${row.thumbnail}` : uri;
		await serial(async () => {
			const { share: _, ...message } = (await rows.message(row.key)) ?? {};
			if ((await shares.get(row.key)) === undefined || !isMessage(message)) return;
			const caption = row.caption === undefined ? undefined : await rows.message(row.caption);
			const entries = caption === undefined ? [] : [entryOf(caption, caption.text ?? '')];
			const said = { ...message, text };
			const writes = [shares.remove(row.key), await media.put(said, row.mediaId)];
			await outbox.add(entryOf(said, text), { message: said, isNew: false }, { writes, entries });
		});
		files.progress(row.key, undefined);
		files.local.delete(row.key);
		files.forget(row.key);
	}

	async function pump(): Promise<void> {
		for (;;) {
			const row = (await shares.all()).find(
				({ key, hasFailed }) => !hasFailed && !files.isGivenUp(key),
			);
			if (row === undefined || files.closed || !isReady()) return;
			if (!row.isKept) {
				const work = keeper.underway(row.key);
				// It was added a moment ago: who added it comes back here.
				if (work === undefined && files.local.has(row.key)) return;
				// Its page has gone before it was kept.
				if (work === undefined) await files.fail(row, new ShareError('file-lost'));
				else await work;
				continue;
			}
			try {
				await attempt(row);
				tries = 0;
			} catch (thrown) {
				if (!(await settle(row, thrown))) return;
			}
		}
	}

	/** What a failure means; whether the queue goes on at once. */
	async function settle(row: ShareRow, thrown: unknown): Promise<boolean> {
		const isOwn = thrown instanceof ShareError;
		if (!isOwn && !(thrown instanceof XmppError)) throw thrown;
		if (files.closed) return false;
		if (isOwn && thrown.code === 'cancelled') return true;
		const isLine = !isOwn || mayPass(thrown);
		if (!isLine || tries >= MOST_TRIES) {
			tries = 0;
			const refused = !isOwn && thrown.code === 'refused' ? thrown.condition : undefined;
			const error = isOwn
				? thrown
				: new ShareError('slot-refused', {
						detail: refused === undefined ? {} : { text: refused },
					});
			await files.fail(row, error);
			return true;
		}
		tries += 1;
		const { size = 0 } = (await vault.media.get(row.mediaId)) ?? {};
		files.progress(row.key, { step: 'waiting', done: 0, size });
		clearTimeout(timer);
		timer = setTimeout(flush, Math.min(BACKOFF * 2 ** (tries - 1), MOST_BACKOFF));
		return false;
	}

	async function run(): Promise<void> {
		try {
			while (again && !files.closed) {
				again = false;
				await pump().catch(report);
			}
		} finally {
			// Here, and not once this has resolved: who comes in between would be forgotten.
			running = undefined;
		}
	}

	function flush(): void {
		again = true;
		clearTimeout(timer);
		running ??= run();
	}

	return {
		flush,
		retry() {
			tries = 0;
			flush();
		},
		async close() {
			clearTimeout(timer);
			await running;
		},
	};
}

/** Another try may succeed without anybody doing anything. */
function mayPass({ code, detail: { status = 0 } }: ShareError): boolean {
	const codes: readonly ShareErrorCode[] = ['network', 'upload-incomplete'];
	// A token may have run out while something else was sent; and what breaks off before its answer, browsers send again by
	// themselves to where it is already (409 of Prosody, 403 of ejabberd).
	const statuses = [401, 403, 408, 409, 425, 429, 500, 502, 503, 504];
	return codes.includes(code) || (code === 'upload-refused' && statuses.includes(status));
}

function isMessage(value: Partial<ChatMessage>): value is ChatMessage {
	return value.key !== undefined;
}
