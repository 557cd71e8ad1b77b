import type { Bytes } from '../core/bytes.ts';
import { KEY_LENGTH, openSegments } from '../core/crypto/gcm.ts';
import { createLedger } from '../core/crypto/ledger.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import { SNIFF_LENGTH, sniffMediaType } from '../core/formats/media-type.ts';
import { ShareError } from '../core/share-error.ts';
import { evicting } from '../vault/evict.ts';
import type { MediaRecord } from '../vault/media-record.ts';
import type { WorkerVault } from '../vault/worker-vault.ts';
import { LIMITS, type Limits } from './limits.ts';

/** Segments that are read and encrypted at once, and then written together. */
const RUN = 4;

/** Plaintext that is read piece by piece, into arrays that belong to who reads; `read` throws ShareError. */
export interface FileSource {
	/** bytes */
	readonly size: number;
	read(start: number, end: number): Promise<Bytes>;
}

/** A file of ours as it lies in the vault, and the key of it, 32 bytes. */
export interface KeptFile {
	readonly record: MediaRecord;
	readonly key: Bytes;
}

/** A file that the user chose. */
export function sourceOfBlob(blob: Blob): FileSource {
	return {
		size: blob.size,
		async read(start, end) {
			let bytes: Bytes;
			try {
				bytes = new Uint8Array(await blob.slice(start, end).arrayBuffer());
			} catch (thrown) {
				// Chromium says so of a file that has changed, too.
				throw new ShareError('file-unreadable', { cause: thrown });
			}
			if (bytes.length !== end - start) throw new ShareError('file-changed');
			return bytes;
		},
	};
}

/**
 * A place in the vault for a file of ours, under a key and an IV that were never used before. `name` is for people, `owner` as
 * in MediaRecord.
 */
export async function makeKeptFile(
	vault: Pick<WorkerVault, 'media'>,
	name: string,
	owner: string,
): Promise<KeptFile> {
	const key = crypto.getRandomValues(new Uint8Array(KEY_LENGTH));
	const iv = crypto.getRandomValues(new Uint8Array(12));
	return { record: await vault.media.addOwn({ key, iv, name, owner }), key };
}

/**
 * Encrypts a file into its place: as if it had been downloaded and verified. To be done once with each place.
 * `onProgress` counts bytes. Throws ShareError, and leaves nothing behind then.
 */
export async function keepFile({
	source,
	record: made,
	vault,
	signal,
	onProgress,
	limits = LIMITS,
}: {
	source: FileSource;
	record: MediaRecord;
	vault: Pick<WorkerVault, 'media' | 'ledger' | 'segments'>;
	signal?: AbortSignal | undefined;
	onProgress?: ((done: number) => void) | undefined;
	limits?: Pick<Limits, 'segment'>;
}): Promise<MediaRecord> {
	const { id, keys, iv } = made;
	try {
		if (keys === undefined) throw new MediaError('key-missing');
		const cipher = await openSegments({ keys, iv });
		const ledger = createLedger({ cipher, size: source.size, segmentSize: limits.segment });
		const writer = await evicting(vault, id, () => vault.segments.begin(id, source.size));
		let head: Bytes = new Uint8Array(0);
		let done = 0;
		const ghashes: Bytes[] = [];
		const seal = async (index: number): Promise<Bytes> => {
			const start = index * limits.segment;
			const plain = await source.read(start, start + ledger.lengthOf(index));
			if (index === 0) head = plain.slice(0, SNIFF_LENGTH);
			const { bytes, ghash } = await cipher.seal(start, plain);
			ledger.add(index, ghash);
			ghashes[index] = ghash;
			return bytes;
		};
		const buffer = new Uint8Array(Math.min(RUN * limits.segment, source.size));
		const write = async (run: Promise<readonly Bytes[]>, after: Promise<void>) => {
			const parts = await run;
			await after;
			if (signal?.aborted) throw new ShareError('cancelled');
			let length = 0;
			for (const part of parts) {
				buffer.set(part, length);
				length += part.length;
			}
			const bytes = buffer.subarray(0, length);
			await evicting(vault, id, () => writer.write(bytes));
			done += bytes.length;
			onProgress?.(done);
		};
		let writing = Promise.resolve();
		try {
			// The next run is encrypted while one is written.
			for (let first = 0; first < ledger.segments; first += RUN) {
				const count = Math.min(RUN, ledger.segments - first);
				const run = Promise.all(Array.from({ length: count }, (_, n) => seal(first + n)));
				const before = writing;
				writing = write(run, before);
				writing.catch(() => undefined);
				await Promise.all([run, before]);
			}
			await writing;
			await writer.close();
		} catch (thrown) {
			await writing.catch(() => undefined);
			await writer.abort();
			throw thrown;
		}
		await vault.ledger.countAll(id, ghashes);
		const { type, label } = sniffMediaType(head);
		const patch = {
			size: source.size,
			tag: ledger.tag() as Bytes,
			type,
			...(label === undefined ? {} : { label }),
			verdict: 'verified' as const,
		};
		await vault.media.patch(id, patch);
		return { ...made, ...patch };
	} catch (thrown) {
		await vault.media.remove(id).catch(() => undefined);
		throw asShareError(thrown);
	}
}

/** A file of ours that is kept, to be read again; every segment is compared with what was counted. */
export async function sourceOfRecord(
	record: MediaRecord,
	vault: Pick<WorkerVault, 'ledger' | 'segments'>,
	limits: Pick<Limits, 'segment'> = LIMITS,
): Promise<FileSource> {
	const { id, keys, iv, size } = record;
	if (keys === undefined || size === undefined || record.verdict !== 'verified')
		throw new ShareError('file-lost');
	const cipher = await openSegments({ keys, iv });
	const ghashes = new Map((await vault.ledger.load(id)).map((row) => [row.index, row.ghash]));
	return {
		size,
		async read(start, end) {
			const index = start / limits.segment;
			const bytes = await vault.segments.get(id, index);
			const ghash = ghashes.get(index);
			if (bytes?.length !== end - start || ghash === undefined) throw new ShareError('file-lost');
			return cipher.open(start, bytes, ghash).catch((thrown: unknown) => {
				throw new ShareError('file-lost', { cause: thrown });
			});
		},
	};
}

/** The body of an upload: the ciphertext as it lies on the disk, and the tag behind it. Throws ShareError `file-lost`. */
export async function ciphertextOf(
	{ id, size, tag }: MediaRecord,
	vault: Pick<WorkerVault, 'segments'>,
): Promise<Blob> {
	const whole = size === undefined ? undefined : await vault.segments.whole(id, size);
	if (whole === undefined || tag === undefined) throw new ShareError('file-lost');
	return new Blob([whole, tag]);
}

function asShareError(thrown: unknown): ShareError {
	if (thrown instanceof ShareError) return thrown;
	const { code } = asMediaError(thrown);
	if (code === 'storage-full' || code === 'storage-unavailable')
		return new ShareError('storage-full', { cause: thrown });
	if (code === 'too-large') return new ShareError('too-large', { cause: thrown });
	return new ShareError('file-unreadable', { cause: thrown });
}
