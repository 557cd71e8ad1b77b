import type { Bytes } from '../core/bytes.ts';
import { MediaError } from '../core/errors.ts';
import { LIMITS } from './limits.ts';
import type { StreamedFile } from './streamed-file.ts';

/**
 * The plaintext from `start` to `end` (exclusive), pulled by whoever reads. `heldBack`: the last segment waits
 * for the tag, so that nobody gets a whole file that is not authentic.
 */
export function plaintextStream(
	session: Pick<StreamedFile, 'read' | 'verdict'>,
	{ start, end, heldBack = false }: { start: number; end: number; heldBack?: boolean },
	segment = LIMITS.segment,
): ReadableStream<Bytes> {
	const abort = new AbortController();
	const lastSegment = Math.floor((end - 1) / segment) * segment;
	let position = start;
	const source = new ReadableStream<Bytes>(
		{
			async pull(controller) {
				if (position < end) {
					const bytes = await session.read(position, abort.signal, heldBack);
					// The file is shorter than the server said when this began: WebKit's players wait for the rest for ever.
					if (bytes.length === 0 && !heldBack) throw new MediaError('changed');
					if (bytes.length === 0) return controller.close();
					// It is longer than the server said when this began: an end would pass for the file's.
					if (heldBack && position + bytes.length > lastSegment && (await session.verdict()) > end)
						throw new MediaError('changed');
					const wanted = bytes.subarray(0, end - position);
					position += wanted.length;
					controller.enqueue(wanted);
				}
				if (position >= end) controller.close();
			},
			cancel: () => abort.abort(),
		},
		{ highWaterMark: 0 },
	);
	// WebKitGTK 2.50 locks its worker up for good when a player cancels a response while a read of it waits, as every
	// seek on a slow line does; cancelling the far end of a pipe does not reach that lock.
	const pipe = new TransformStream<Bytes, Bytes>(undefined, undefined, { highWaterMark: 0 });
	source.pipeTo(pipe.writable).catch(() => undefined);
	return pipe.readable;
}
