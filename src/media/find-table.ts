import { pause } from '../core/async/pause.ts';
import type { Bytes } from '../core/bytes.ts';
import { BLOCK_LENGTH, type SegmentCipher } from '../core/crypto/gcm.ts';
import { MAX_TABLE, openTable, type SegmentTable } from '../core/crypto/segment-tags.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import { TABLE_REACH, tablePlace } from '../core/formats/tables/table-place.ts';
import { abortable } from './abortable.ts';
import type { Limits } from './limits.ts';
import { openUpstream, type Upstream } from './upstream.ts';
import { isPassing } from './upstream-refusal.ts';

/** What makes a table readable: the file's cipher, and the key of its tags. */
export interface TableKeys {
	readonly cipher: Pick<SegmentCipher, 'decrypt'>;
	readonly key: CryptoKey;
}

/** A table that is right, and its ciphertext: its tags do not cover where it lies itself. */
export interface FileTable extends SegmentTable {
	readonly sealed: Bytes;
}

/** Gives the first bytes of a file's ciphertext: `length` of them, or all there are. */
type ReadStart = (length: number) => Promise<Bytes>;

/** The table at the start of a file, if there is one, and it is right. Throws what `read` throws. */
export async function readTable(
	{ cipher, key }: TableKeys,
	read: ReadStart,
): Promise<FileTable | undefined> {
	const place = tablePlace(await cipher.decrypt(0, await read(TABLE_REACH)));
	if (place === undefined || place.length > MAX_TABLE) return undefined;
	const { offset, length } = place;
	const bytes = await read(offset + length);
	if (bytes.length < offset + length) return undefined;
	const start = offset - (offset % BLOCK_LENGTH);
	const plain = await cipher.decrypt(start, bytes.subarray(start));
	const table = await openTable(key, plain.slice(offset - start), offset);
	return table && { ...table, sealed: bytes.slice(offset, offset + length) };
}

/**
 * Asks for a file from its start, until its table is there. The answer can be read on, from the first byte. Throws MediaError as
 * openUpstream does.
 */
export async function findTable(
	keys: TableKeys,
	url: string,
	{
		limits,
		signal,
		...options
	}: {
		limits: Limits;
		signal: AbortSignal;
		follows: boolean;
		fetch?: typeof globalThis.fetch;
	},
): Promise<{ table: FileTable | undefined; begun: Upstream }> {
	for (let failures = 0; ; failures++) {
		let upstream: Upstream | undefined;
		const cancel = () => upstream?.cancel();
		signal.addEventListener('abort', cancel);
		try {
			if (signal.aborted) throw new MediaError('cancelled');
			const answer = await openUpstream(url, 0, { ...options, idle: limits.idle });
			upstream = answer;
			if (signal.aborted) throw new MediaError('cancelled');
			const chunks: Bytes[] = [];
			let length = 0;
			const table = await readTable(keys, async (wanted) => {
				while (length < wanted) {
					const chunk = await answer.read();
					if (chunk === undefined) break;
					chunks.push(chunk);
					length += chunk.length;
				}
				return joined(chunks, Math.min(length, wanted));
			});
			return { table, begun: { ...answer, read: async () => chunks.shift() ?? answer.read() } };
		} catch (thrown) {
			upstream?.cancel();
			const failure = asMediaError(thrown);
			const wait = (failure.detail.retryAfter ?? 0) * 1000;
			const isFinal = !isPassing(failure) || failures >= limits.retries || wait > limits.patience;
			if (signal.aborted || isFinal) throw failure;
			await abortable(pause(Math.max(wait, limits.backoff * 2 ** failures)), signal);
		} finally {
			signal.removeEventListener('abort', cancel);
		}
	}
}

/** The first bytes of what came in chunks, of which a server may send as many as it likes. */
function joined(chunks: readonly Bytes[], length: number): Bytes {
	const bytes = new Uint8Array(length);
	let at = 0;
	for (const chunk of chunks) {
		if (at >= length) break;
		bytes.set(chunk.subarray(0, length - at), at);
		at += chunk.length;
	}
	return bytes;
}
