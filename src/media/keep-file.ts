import type { Bytes } from '../core/bytes.ts';
import type { FileSecret } from '../core/crypto/file-keys.ts';
import { importMediaKeys, KEY_LENGTH, openSegments } from '../core/crypto/gcm.ts';
import { createLedger } from '../core/crypto/ledger.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import { ShareError } from '../core/share-error.ts';
import { evicting } from '../vault/evict.ts';
import type { MediaRecord } from '../vault/media-record.ts';
import type { WorkerVault } from '../vault/worker-vault.ts';
import { LIMITS, type Limits } from './limits.ts';
import { sniffFile } from './sniff-file.ts';
import type { makeTableWriter } from './table-writer.ts';

/** Bytes of the segments that are read and encrypted at once, and then written together; and how many they are at the most. */
const RUN = 2 ** 20;
const MAX_RUN = 16;

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
 * A place in the vault for a file of ours, under `secret`, which was never used before. `name` is for people, `owner` as in
 * MediaRecord. If it says that the file has a table of tags, `keepFile` fills it in. Without a
 * secret one is made, for files that are never sent under it: `newFileSecret` would load the derivation of keys into the worker.
 */
export async function makeKeptFile(
	vault: Pick<WorkerVault, 'media'>,
	name: string,
	owner: string,
	secret?: FileSecret,
): Promise<KeptFile> {
	const { key, iv, keys } = secret ?? (await newSecret());
	return { record: await vault.media.addOwn({ keys, iv, name, owner }), key };
}

async function newSecret(): Promise<FileSecret> {
	const key = crypto.getRandomValues(new Uint8Array(KEY_LENGTH));
	const iv = crypto.getRandomValues(new Uint8Array(12));
	return { key, iv, keys: await importMediaKeys(key) };
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
	makeTable,
}: {
	source: FileSource;
	record: MediaRecord;
	vault: Pick<WorkerVault, 'media' | 'ledger' | 'segments'>;
	signal?: AbortSignal | undefined;
	onProgress?: ((done: number) => void) | undefined;
	limits?: Pick<Limits, 'segment'>;
	/** needed where the secret says that there is a table; passed in, so that the worker, which keeps none of those, does not load it */
	makeTable?: typeof makeTableWriter;
}): Promise<MediaRecord> {
	const { id, keys, iv } = made;
	try {
		if (keys === undefined) throw new MediaError('key-missing');
		if (keys.tags !== undefined && makeTable === undefined) throw new RangeError('makeTable');
		const cipher = await openSegments({ keys, iv });
		const table = keys.tags && (await makeTable?.({ key: keys.tags, cipher, source }));
		const segment = table?.head.segmentSize ?? limits.segment;
		const ledger = createLedger({ cipher, size: source.size, segmentSize: segment });
		const writer = await evicting(vault, id, () => vault.segments.begin(id, source.size, segment));
		let head: Bytes = new Uint8Array(0);
		let done = 0;
		const ghashes: Bytes[] = [];
		const seal = async (index: number): Promise<Bytes> => {
			const start = index * segment;
			const plain = await source.read(start, start + ledger.lengthOf(index));
			await table?.fill(index, plain);
			if (index === 0) head = plain;
			const { bytes, ghash } = await cipher.seal(start, plain);
			await table?.note(index, ghash);
			ledger.add(index, ghash);
			ghashes[index] = ghash;
			return bytes;
		};
		const most = Math.max(1, Math.min(MAX_RUN, Math.floor(RUN / segment)));
		const buffer = new Uint8Array(Math.min(most * segment, source.size));
		const write = async (at: number, run: Promise<readonly Bytes[]>, after: Promise<void>) => {
			const parts = await run;
			await after;
			if (signal?.aborted) throw new ShareError('cancelled');
			let length = 0;
			for (const part of parts) {
				buffer.set(part, length);
				length += part.length;
			}
			const bytes = buffer.subarray(0, length);
			await evicting(vault, id, () => writer.write(at, bytes));
			done += bytes.length;
			onProgress?.(done);
		};
		let writing = Promise.resolve();
		try {
			// The next run is encrypted while one is written.
			const encrypt = async (from: number, end: number) => {
				for (let first = from; first < end; first += most) {
					const count = Math.min(most, end - first);
					const run = Promise.all(Array.from({ length: count }, (_, n) => seal(first + n)));
					const before = writing;
					writing = write(first * segment, run, before);
					writing.catch(() => undefined);
					await Promise.all([run, before]);
				}
			};
			// Those with the table come last: it holds the tags of all others.
			const held = table?.held ?? 0;
			await encrypt(held, ledger.segments);
			await encrypt(0, held);
			await writing;
			await writer.close();
		} catch (thrown) {
			await writing.catch(() => undefined);
			await writer.abort();
			throw thrown;
		}
		await vault.ledger.countAll(id, ghashes);
		const { type, label } = sniffFile(head, table !== undefined);
		const patch = {
			size: source.size,
			tag: ledger.tag() as Bytes,
			type,
			...(label === undefined ? {} : { label }),
			...(table === undefined ? {} : { segment }),
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
	const segment = record.segment ?? limits.segment;
	const ghashes = new Map((await vault.ledger.load(id)).map((row) => [row.index, row.ghash]));
	return {
		size,
		async read(start, end) {
			const index = start / segment;
			const bytes = await vault.segments.get(id, index, segment);
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
	{ id, size, segment, tag }: MediaRecord,
	vault: Pick<WorkerVault, 'segments'>,
): Promise<Blob> {
	const whole = size === undefined ? undefined : await vault.segments.whole(id, size, segment);
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
