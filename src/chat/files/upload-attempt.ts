import type { Mutex } from '../../core/async/mutex.ts';
import { toHex } from '../../core/bytes.ts';
import { TAG_LENGTH } from '../../core/crypto/gcm.ts';
import { type AesgcmUri, formatAesgcmUri } from '../../core/links/aesgcm-uri.ts';
import { ShareError } from '../../core/share-error.ts';
import { ciphertextOf } from '../../media/keep-file.ts';
import type { PutCiphertext } from '../../media/put-ciphertext.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Connection } from '../../xmpp/connection.ts';
import type { UploadService } from '../../xmpp/extensions/upload.ts';
import { interpret } from '../messages/interpret.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { OutboxEntry } from '../messages/outbox-entry.ts';
import { entryOf } from '../messages/own-message.ts';
import type { Stores } from '../messages/stores.ts';
import type { Message } from '../model/message.ts';
import { emojisBy } from '../model/reactions.ts';
import { senderId } from '../model/sender.ts';
import type { MessageMedia } from './opened-media.ts';
import type { UploadJobs } from './upload-jobs.ts';
import { createUploadSpeed } from './upload-speed.ts';
import { behindOf, type UploadJob, type UploadStore } from './upload-store.ts';

/** Dependencies of an upload. */
export interface UploadAttemptDependencies {
	stores: Stores;
	uploadStore: UploadStore;
	media: MessageMedia;
	vault: Vault;
	connection: Pick<Connection, 'upload'>;
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
export type UploadAttempt = (job: UploadJob, onMove: () => void) => Promise<void>;

export function createUploadAttempt({
	stores,
	uploadStore,
	jobs,
	media,
	vault,
	connection,
	outbox,
	serial,
	upload,
	showThumbnail,
	put,
	now,
}: UploadAttemptDependencies & { jobs: UploadJobs }): UploadAttempt {
	/** what lies on the server and could not be said yet, by the key of its message */
	const uploaded = new Map<string, AesgcmUri>();

	/** A file is encrypted once, when it is kept: another try sends the same ciphertext, of which a host learns nothing new. */
	async function send(job: UploadJob, onMove: () => void): Promise<AesgcmUri> {
		const signal = jobs.signalOf(job.key);
		const service = upload();
		if (service === undefined) throw new ShareError('no-upload');
		const record = await vault.media.get(job.mediaId);
		if (record?.size === undefined) throw new ShareError('file-lost');
		const { size, iv } = record;
		const body = await ciphertextOf(record, vault);
		const random = toHex(crypto.getRandomValues(new Uint8Array(12)));
		const name = job.extension === '' ? random : `${random}.${job.extension}`;
		const slot = await connection.upload.requestSlot(service, { name, size: size + TAG_LENGTH });
		const uri = { url: slot.get, iv, key: job.mediaKey };
		// Throws here, and not after the upload, where it could not be said.
		formatAesgcmUri(uri);
		// It may have been given up meanwhile.
		if ((await uploadStore.get(job.key)) === undefined) throw new ShareError('cancelled');
		if (signal.aborted) throw new ShareError('cancelled');
		const speedOf = createUploadSpeed(now);
		await put(slot, body, {
			signal,
			onProgress(sent) {
				if (sent > 0) onMove();
				const done = Math.min(sent, size);
				jobs.progress(job.key, { step: 'uploading', done, size, speed: speedOf(sent) });
			},
		});
		return uri;
	}

	/** Where a file lies that was uploaded before; undefined if it was not. */
	async function placeOf({ key, mediaId, mediaKey }: UploadJob) {
		const known = uploaded.get(key);
		if (known !== undefined) return known;
		const record = await vault.media.get(mediaId);
		if (record === undefined || record.url === '') return undefined;
		return { url: new URL(record.url), iv: record.iv, key: mediaKey };
	}

	/** What is said behind it goes out with what we felt about it meanwhile, unless it was taken back. */
	async function entriesOf(key: string): Promise<OutboxEntry[]> {
		const caption = await stores.messages.get(key);
		if (caption?.text === undefined || caption.isRetracted === true) return [];
		const said = entryOf(caption, caption.text);
		const emojis = emojisBy(caption.reactions, senderId(caption.sender));
		if (emojis.length === 0) return [said];
		const content = { kind: 'reactions' as const, to: caption.id, emojis };
		const place = await stores.messages.keyFor(caption.peer, now());
		return [said, { ...said, key: place, id: crypto.randomUUID(), content }];
	}

	/** The file is there: now it is said, once, together with the end of its job. */
	async function say(job: UploadJob, uri: string): Promise<void> {
		const hasThumbnail = job.thumbnail !== undefined && (await showThumbnail(job.peer));
		const text = hasThumbnail ? `${uri}\n${job.thumbnail}` : uri;
		await serial(async () => {
			const { share: _, ...message } = (await stores.messages.get(job.key)) ?? {};
			if ((await uploadStore.get(job.key)) === undefined || !isMessage(message)) return;
			const entries: OutboxEntry[] = [];
			for (const key of behindOf(job)) entries.push(...(await entriesOf(key)));
			const said = interpret({ ...message, text });
			const writes = [uploadStore.remove(job.key), await media.put(said, job.mediaId)];
			const answered = job.answers && { replyTo: job.answers };
			const change = { message: said, isNew: false };
			await outbox.add(entryOf(said, text, answered), change, { writes, entries });
		});
		uploaded.delete(job.key);
		jobs.progress(job.key, undefined);
		jobs.local.delete(job.key);
		jobs.forget(job.key);
	}

	return async (job, onMove) => {
		const uri = (await placeOf(job)) ?? (await send(job, onMove));
		// It is neither encrypted nor uploaded again, whatever the next steps meet.
		uploaded.set(job.key, uri);
		await vault.media.uploaded(job.mediaId, uri);
		await say(job, formatAesgcmUri(uri));
	};
}

function isMessage(value: Partial<Message>): value is Message {
	return value.key !== undefined;
}
