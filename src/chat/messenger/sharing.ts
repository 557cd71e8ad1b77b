import { formatAesgcmUri } from '../../core/aesgcm-uri.ts';
import { toHex } from '../../core/bytes.ts';
import { cleanFileName, extensionOf } from '../../core/file-name.ts';
import { TAG_LENGTH } from '../../core/gcm.ts';
import { parseMediaMessage } from '../../core/media-message.ts';
import type { Mutex } from '../../core/mutex.ts';
import { ShareError, type ShareErrorCode } from '../../core/share-error.ts';
import {
	ciphertextOf,
	keepFile,
	makeKeptFile,
	sourceOfBlob,
	sourceOfRecord,
} from '../../media/keep-file.ts';
import { type PutCiphertext, putCiphertext } from '../../media/put-ciphertext.ts';
import { stagedMedia } from '../../media/staged-share.ts';
import type { MediaRecord } from '../../vault/media-record.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Connection } from '../../xmpp/connection.ts';
import type { UploadService } from '../../xmpp/upload-service.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import type { ChatMessage, OutboxEntry } from './chat-message.ts';
import type { Conversations } from './conversations.ts';
import type { MessageMedia } from './message-media.ts';
import type { MessageRows } from './message-rows.ts';
import type { ShareProgress } from './messenger-state.ts';
import type { Outbox } from './outbox.ts';
import type { ShareRow, ShareRows } from './share-rows.ts';

/** Milliseconds before a file is tried again, doubled each time up to the last. */
const BACKOFF = 1000;
const MOST_BACKOFF = 30_000;
/** Tries in a row of which nothing came, on a line that works otherwise, before somebody is asked. */
const MOST_TRIES = 6;
/** Milliseconds over which speed is told. */
const SPEED_TIME = 4000;

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
	/**
	 * Says what was said to somebody else, too; a file is not uploaded again. What was encrypted goes nowhere unencrypted:
	 * throws ShareError `not-encrypted`.
	 */
	forward(message: ChatMessage, peer: string): Promise<void>;
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
	send,
	report,
	put = putCiphertext,
	now = Date.now,
}: {
	rows: MessageRows;
	shares: ShareRows;
	media: MessageMedia;
	vault: Vault;
	connection: Pick<Connection, 'requestUploadSlot'>;
	outbox: Outbox;
	conversations: Conversations;
	/** what is read and written back is read and written by nobody else in between */
	serial: Mutex;
	/** what the server has; undefined if nothing */
	upload(): UploadService | undefined;
	/** there is a connection, and the server has said what it takes */
	isReady(): boolean;
	/** shows how far a file has come; undefined once it is there, or given up */
	progress(key: string, progress: ShareProgress | undefined): void;
	/** everybody who will read it knows what a thumbnail is */
	showThumbnail(peer: string): Promise<boolean>;
	/** says a text */
	send(peer: string, text: string): Promise<void>;
	/** tells of a mistake of ours */
	report(thrown: unknown): void;
	put?: PutCiphertext;
	now?: () => number;
}): Sharing & {
	/** Goes on with what waits, also after a restart. */
	load(): Promise<void>;
	flush(): void;
	/** Gives up what is under way; resolves once nothing is written any more. */
	close(): Promise<void>;
} {
	const local = new Map<string, Blob>();
	const keeping = new Map<string, Promise<void>>();
	const aborts = new Map<string, AbortController>();
	let tries = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let running: Promise<void> | undefined;
	let again = false;
	let closed = false;

	/** Changes a message that still waits; with other writes, or these alone. */
	async function change(
		{ key }: ShareRow,
		work: (message: ChatMessage) => ChatMessage,
		writes: Parameters<MessageRows['write']>[0],
	): Promise<void> {
		const message = await rows.message(key);
		if (message?.share === undefined) await rows.write(writes);
		else await conversations.keep(work(message), false, writes);
	}

	async function fail(row: ShareRow, { code, detail }: ShareError): Promise<void> {
		await serial(async () => {
			if ((await shares.get(row.key)) === undefined) return;
			await change(
				row,
				(message) => ({ ...message, state: 'failed', problem: code, problemDetail: detail }),
				[await shares.put({ ...row, hasFailed: true })],
			);
		});
		progress(row.key, undefined);
	}

	/** Encrypts what was chosen into the vault, one after another. */
	async function keep({ row, record, blob }: Added): Promise<void> {
		const show = (done: number) => progress(row.key, { step: 'keeping', done, size: blob.size });
		try {
			const abort = abortOf(row.key);
			const source = sourceOfBlob(blob);
			await keepFile({ source, record, vault, signal: abort.signal, onProgress: show });
			await serial(async () => {
				if ((await shares.get(row.key)) === undefined) return;
				await rows.write([await shares.put({ ...row, isKept: true })]);
			});
			progress(row.key, { step: 'waiting', done: 0, size: blob.size });
		} catch (thrown) {
			if (!(thrown instanceof ShareError)) throw thrown;
			if (thrown.code !== 'cancelled' && !closed) await fail(row, thrown);
		} finally {
			keeping.delete(row.key);
		}
	}

	function abortOf(key: string): AbortController {
		if (closed) throw new ShareError('cancelled');
		const known = aborts.get(key);
		if (known !== undefined) return known;
		const made = new AbortController();
		aborts.set(key, made);
		return made;
	}

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
			await change(
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
		const { signal } = abortOf(waiting.key);
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
		const speedOf = createSpeed(now);
		await put(slot, body, {
			signal,
			onProgress(sent) {
				// A line that breaks every few seconds is one that works.
				if (sent > 0) tries = 0;
				const done = Math.min(sent, size);
				progress(row.key, { step: 'uploading', done, size, speed: speedOf(sent) });
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
		progress(row.key, undefined);
		local.delete(row.key);
		aborts.delete(row.key);
	}

	async function pump(): Promise<void> {
		for (;;) {
			const row = (await shares.all()).find(
				({ key, hasFailed }) => !hasFailed && aborts.get(key)?.signal.aborted !== true,
			);
			if (row === undefined || closed || !isReady()) return;
			if (!row.isKept) {
				const work = keeping.get(row.key);
				// It was added a moment ago: who added it comes back here.
				if (work === undefined && local.has(row.key)) return;
				// Its page has gone before it was kept.
				if (work === undefined) await fail(row, new ShareError('file-lost'));
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
		if (closed) return false;
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
			await fail(row, error);
			return true;
		}
		tries += 1;
		const { size = 0 } = (await vault.media.get(row.mediaId)) ?? {};
		progress(row.key, { step: 'waiting', done: 0, size });
		clearTimeout(timer);
		timer = setTimeout(flush, Math.min(BACKOFF * 2 ** (tries - 1), MOST_BACKOFF));
		return false;
	}

	async function run(): Promise<void> {
		try {
			while (again && !closed) {
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
		async share(peer, files, caption = '') {
			if (conversations.find(peer)?.isPlaintext) throw new ShareError('not-encrypted');
			const added: Added[] = [];
			for (const [index, file] of files.entries()) {
				const name = cleanFileName(file.name);
				const { record, key: mediaKey } = await makeKeptFile(vault, name);
				await serial(async () => {
					const message: ChatMessage = {
						...(await textMessage(rows, peer, now())),
						share: { mediaId: record.id, name, size: file.blob.size },
					};
					const { key } = message;
					const hasCaption = index === files.length - 1 && caption !== '';
					const last = hasCaption ? await textMessage(rows, peer, now(), caption) : undefined;
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
					local.set(key, file.blob);
					added.push({ row, record, blob: file.blob });
					progress(key, { step: 'keeping', done: 0, size: file.blob.size });
					await conversations.keep(message, true, [await shares.put(row)]);
					if (last !== undefined) await conversations.keep(last, true);
				});
			}
			let before = Promise.resolve();
			for (const file of added) {
				before = before.then(() => keep(file)).catch(report);
				keeping.set(file.row.key, before);
			}
			flush();
			await before;
			flush();
		},
		async cancelShare(message) {
			// Kept until its row has gone: the queue passes over it, and does not begin anew.
			abortOf(message.key).abort();
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
				aborts.delete(message.key);
			}
			local.delete(message.key);
			progress(message.key, undefined);
			flush();
		},
		async retryShare(message) {
			await serial(async () => {
				const row = await shares.get(message.key);
				if (row === undefined) return;
				await change(
					row,
					({ problem: _, problemDetail: __, ...before }) => ({ ...before, state: 'waiting' }),
					[await shares.put({ ...row, hasFailed: false })],
				);
			});
			tries = 0;
			progress(message.key, { step: 'waiting', done: 0, size: message.share?.size ?? 0 });
			flush();
		},
		async forward(message, peer) {
			const { text = '', isEncrypted } = message;
			const isPlaintext = conversations.find(peer)?.isPlaintext === true;
			if (isPlaintext && isEncrypted) throw new ShareError('not-encrypted');
			const file = isEncrypted ? parseMediaMessage(text) : undefined;
			if (file === undefined) return send(peer, text);
			const { uri, thumbnail } = file;
			const hasThumbnail = thumbnail !== undefined && (await showThumbnail(peer));
			const body = formatAesgcmUri(uri) + (hasThumbnail ? `\n${thumbnail}` : '');
			const mediaId = await media.idOf(message);
			await serial(async () => {
				const said = await textMessage(rows, peer, now(), body);
				const writes = mediaId === undefined ? [] : [await media.put(said, mediaId)];
				await outbox.add(
					entryOf(said, body),
					{ message: said, isNew: true },
					{ writes, entries: [] },
				);
			});
		},
		localFile: ({ key }) => local.get(key),
		async load() {
			const wanted = new Set([...(await shares.mediaIds()), ...(await stagedMedia(vault))]);
			for (const { id, url } of await vault.media.list())
				if (url === '' && !wanted.has(id)) await vault.media.remove(id);
			const waiting = await shares.all();
			for (const row of waiting)
				if (!row.isKept && !row.hasFailed) await fail(row, new ShareError('file-lost'));
				else if (!row.hasFailed) {
					const { size = 0 } = (await vault.media.get(row.mediaId)) ?? {};
					progress(row.key, { step: 'waiting', done: 0, size });
				}
		},
		flush,
		async close() {
			closed = true;
			clearTimeout(timer);
			for (const abort of aborts.values()) abort.abort();
			// Who opens the account next must not find half of it done.
			await Promise.all([running, ...keeping.values()]);
		},
	};
}

/** A file that was just chosen, and its place. */
interface Added {
	readonly row: ShareRow;
	readonly record: MediaRecord;
	readonly blob: Blob;
}

/** Another try may succeed without anybody doing anything. */
function mayPass({ code, detail: { status = 0 } }: ShareError): boolean {
	const codes: readonly ShareErrorCode[] = ['network', 'upload-incomplete'];
	// A token may have run out while something else was sent; and what breaks off before its answer, browsers send again by
	// themselves to where it is already (409 of Prosody, 403 of ejabberd).
	const statuses = [401, 403, 408, 409, 425, 429, 500, 502, 503, 504];
	return codes.includes(code) || (code === 'upload-refused' && statuses.includes(status));
}

async function textMessage(
	rows: MessageRows,
	peer: string,
	time: number,
	text?: string,
): Promise<ChatMessage> {
	return {
		key: await rows.keyFor(peer, time),
		peer,
		isOwn: true,
		id: crypto.randomUUID(),
		time,
		isEncrypted: true,
		state: 'waiting',
		...(text === undefined ? {} : { text }),
	};
}

function entryOf({ key, peer, id }: ChatMessage, text: string): OutboxEntry {
	const content = { kind: 'text' as const, text };
	return { key, messageKey: key, peer, id, content, isEncrypted: true };
}

function isMessage(value: Partial<ChatMessage>): value is ChatMessage {
	return value.key !== undefined;
}

/** Bytes a second over the last few seconds, from how many were sent in all. */
function createSpeed(now: () => number): (sent: number) => number | undefined {
	let samples: { readonly at: number; readonly sent: number }[] = [];
	return (sent) => {
		const at = now();
		samples = [...samples.filter((sample) => at - sample.at < SPEED_TIME), { at, sent }];
		const [first] = samples;
		if (first === undefined || at - first.at < SPEED_TIME / 4) return undefined;
		return ((sent - first.sent) / (at - first.at)) * 1000;
	};
}
