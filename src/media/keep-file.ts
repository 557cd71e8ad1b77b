import type { Bytes } from '../core/bytes.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import { KEY_LENGTH, openSegments } from '../core/gcm.ts';
import { createLedger } from '../core/ledger.ts';
import { SNIFF_LENGTH, sniffMediaType } from '../core/media-type.ts';
import { ShareError } from '../core/share-error.ts';
import { putEvicting } from '../vault/evict.ts';
import type { MediaRecord } from '../vault/media-record.ts';
import type { Vault } from '../vault/vault.ts';
import { LIMITS, type Limits } from './limits.ts';

/** Segments that are read, encrypted and stored at once. */
const AT_ONCE = 6;

/** Plaintext that is read piece by piece; `read` throws ShareError. */
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

/** A place in the vault for a file of ours, under a key and an IV that were never used before. `name` is for people. */
export async function makeKeptFile(vault: Pick<Vault, 'media'>, name: string): Promise<KeptFile> {
	const key = crypto.getRandomValues(new Uint8Array(KEY_LENGTH));
	const iv = crypto.getRandomValues(new Uint8Array(12));
	return { record: await vault.media.addOwn({ key, iv, name }), key };
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
	vault: Pick<Vault, 'media' | 'ledger' | 'segments'>;
	signal?: AbortSignal | undefined;
	onProgress?: ((done: number) => void) | undefined;
	limits?: Pick<Limits, 'segment'>;
}): Promise<MediaRecord> {
	const { id, keys, iv } = made;
	try {
		if (keys === undefined) throw new MediaError('key-missing');
		const cipher = await openSegments({ keys, iv });
		const ledger = createLedger({ cipher, size: source.size, segmentSize: limits.segment });
		let head: Bytes = new Uint8Array(0);
		let next = 0;
		let done = 0;
		const work = async () => {
			while (next < ledger.segments) {
				if (signal?.aborted) throw new ShareError('cancelled');
				const index = next++;
				const start = index * limits.segment;
				const plain = await source.read(start, start + ledger.lengthOf(index));
				if (index === 0) head = plain.slice(0, SNIFF_LENGTH);
				const { bytes, ghash } = await cipher.seal(start, plain);
				ledger.add(index, ghash);
				await vault.ledger.count(id, index, ghash, []);
				await putEvicting(vault, id, index, bytes);
				done += plain.length;
				onProgress?.(done);
			}
		};
		// All of them have ended before anything is cleared away.
		const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
		for (const end of ends) if (end.status === 'rejected') throw end.reason;
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
	vault: Pick<Vault, 'ledger' | 'segments'>,
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

/** What is uploaded: the segments as they lie on the disk, and the tag behind them. Throws ShareError `file-lost`. */
export async function ciphertextOf(
	{ id, size, tag }: MediaRecord,
	vault: Pick<Vault, 'segments'>,
	limits: Pick<Limits, 'segment'> = LIMITS,
): Promise<Blob> {
	if (size === undefined || tag === undefined) throw new ShareError('file-lost');
	const parts: Blob[] = [];
	for (let start = 0; start < size; start += limits.segment) {
		const part = await vault.segments.blob(id, start / limits.segment);
		if (part?.size !== Math.min(limits.segment, size - start)) throw new ShareError('file-lost');
		parts.push(part);
	}
	return new Blob([...parts, tag]);
}

function asShareError(thrown: unknown): ShareError {
	if (thrown instanceof ShareError) return thrown;
	const { code } = asMediaError(thrown);
	if (code === 'storage-full' || code === 'storage-unavailable')
		return new ShareError('storage-full', { cause: thrown });
	if (code === 'too-large') return new ShareError('too-large', { cause: thrown });
	return new ShareError('file-unreadable', { cause: thrown });
}
