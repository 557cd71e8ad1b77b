import type { MediaError } from '../core/errors.ts';
import type { ByteQueue } from './byte-queue.ts';
import type { ReaderContext } from './reader-context.ts';
import type { Signal } from './signal.ts';

/** One reader's state, as its parts share it. */
export interface ReaderState {
	readonly context: ReaderContext;
	/** where it started, a block boundary */
	readonly start: number;
	/** bytes that have come and are in no segment yet */
	readonly queue: ByteQueue;
	/** for those who wait for the reader: something has come, or it has ended */
	readonly changed: Signal;
	/** for the segment assembler: there is something to do */
	readonly work: Signal;
	/** for the upstream body: more is wanted, or there is room for more */
	readonly demanded: Signal;
	/** all of the file has come, and nothing came behind it */
	complete: boolean;
	/** the server began here, elsewhere than asked: the segment in hand is begun anew */
	restartAt: number | undefined;
	ended: boolean;
	/** why it ended, if not well */
	error: MediaError | undefined;
	/** Ends the reader, well unless there is a reason. */
	stop(reason?: unknown): void;
}
