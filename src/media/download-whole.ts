import type { Bytes } from '../core/bytes.ts';
import { MediaError } from '../core/errors.ts';
import type { MediaRecord } from '../vault/media-record.ts';
import { createMemoryVault } from '../vault/vault.ts';
import type { WorkerVault } from '../vault/worker-vault.ts';
import { LIMITS, type Limits } from './limits.ts';
import { openStreamedFile, type StreamedFile } from './streamed-file.ts';

/** More than a page should hold. */
const MAX_WHOLE = 512 * 2 ** 20;

/**
 * Downloads, decrypts and verifies a file in the page itself, for pages without a worker: it must be what a worker played
 * of it before, and what was verified by one stays so, as the `origin` knows. Sizes in bytes of plaintext.
 * Throws MediaError, `too-large` above 512 MiB.
 */
export async function downloadInPage(
	record: MediaRecord,
	{
		signal,
		onProgress,
		origin,
		limits = { ...LIMITS, overflow: MAX_WHOLE },
	}: {
		signal: AbortSignal;
		onProgress: (done: number, total: number | undefined) => void;
		origin?: Pick<WorkerVault, 'media' | 'ledger'>;
		limits?: Limits;
	},
): Promise<Blob> {
	const memory = createMemoryVault({ limit: MAX_WHOLE });
	const { media } = origin ?? memory;
	const stored = (await media.get(record.id).catch(() => undefined)) ?? record;
	const { segment, verdict, verifyFirst } = stored;
	const { unasked: _, ...known } = record;
	const asked = segment === undefined ? known : { ...known, segment };
	// What a worker plays of a file with tags is proven by them, and counted in segments that are not known here.
	const isTagged = record.keys?.tags !== undefined;
	const isCountedApart = isTagged && verdict === 'none' && !verifyFirst;
	const { ledger } = isCountedApart ? memory : (origin ?? memory);
	const vault = { ...memory, ledger, media: { ...memory.media, get: media.get } };
	let session: StreamedFile | undefined;
	session = await openStreamedFile({
		record: { ...asked, verdict: 'none' },
		vault,
		limits,
		changed: () => {
			const { counted, size } = session?.status() ?? { counted: 0 };
			onProgress(counted, size);
		},
	});
	try {
		if ((await session.head()).size > MAX_WHOLE) throw new MediaError('too-large');
		await session.verify(signal);
		// Only now: the host may have announced another size.
		const { size, type } = await session.head();
		const parts: Bytes[] = [];
		for (let position = 0; position < size; ) {
			const bytes = await session.read(position, signal);
			parts.push(bytes);
			position += bytes.length;
		}
		return new Blob(parts, { type });
	} finally {
		await session.close();
	}
}
