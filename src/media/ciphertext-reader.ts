import type { Bytes } from '../core/bytes.ts';
import { asMediaError, type MediaError } from '../core/errors.ts';
import { abortable } from './abortable.ts';
import { createByteQueue } from './byte-queue.ts';
import type { ReaderContext } from './reader-context.ts';
import { makeReaderDemand, type Purpose } from './reader-demand.ts';
import type { ReaderState } from './reader-state.ts';
import { makeSegmentAssembler, type Piece } from './segment-assembler.ts';
import { createSignal } from './signal.ts';
import { makeUpstreamBody } from './upstream-body.ts';

/** One open stream of ciphertext that moves forward as far as somebody wants. */
export interface CiphertextReader {
	readonly ended: boolean;
	/** why it ended, if not well */
	readonly error: MediaError | undefined;
	readonly waiting: number;
	/** everybody who waited for it has gone away */
	readonly abandoned: boolean;
	/** resolves once it has ended and writes nothing down any more */
	readonly settled: Promise<void>;
	/** Whether a consumer at `offset` within `near` bytes ahead should wait for this reader. */
	leadsTo(offset: number, near: number): boolean;
	/** Ciphertext from the block of `offset` that may be released now; undefined if there is none yet. */
	peek(offset: number): Piece | undefined;
	/** The first bytes of the file as they arrived, not yet counted: for the magic bytes only. */
	head(): Bytes | undefined;
	/** Gives its answer up if nobody waits; the next to wait gets another. */
	rest(): void;
	/**
	 * Wants everything up to and including `offset`, and waits for the next change. Throws MediaError `cancelled`.
	 */
	advance(offset: number, purpose: Purpose, signal?: AbortSignal): Promise<void>;
	close(): void;
}

/** Starts a stream at `start`, a block boundary. */
export function makeCiphertextReader(context: ReaderContext, start: number): CiphertextReader {
	const state: ReaderState = {
		context,
		start,
		queue: createByteQueue(),
		changed: createSignal(),
		work: createSignal(),
		demanded: createSignal(),
		complete: false,
		restartAt: undefined,
		ended: false,
		error: undefined,
		stop,
	};
	const demand = makeReaderDemand({
		start,
		limits: context.limits,
		file: context.file,
		abandoned: () => body.rest(),
		unused: () => stop(),
	});
	const assembler = makeSegmentAssembler(state, demand);
	const body = makeUpstreamBody({ state, demand, position: () => assembler.position });

	function stop(reason?: unknown): void {
		if (state.ended) return;
		state.ended = true;
		state.error = reason === undefined ? undefined : asMediaError(reason);
		body.cancel();
		state.queue.clear();
		demand.close();
		for (const signal of [state.changed, state.work, state.demanded]) signal.notify();
	}

	body.receive().catch(stop);
	const settled = assembler.assemble().catch(stop);

	return {
		settled,
		get ended() {
			return state.ended;
		},
		get error() {
			return state.error;
		},
		get waiting() {
			return demand.waiting;
		},
		get abandoned() {
			return demand.abandoned;
		},
		leadsTo: (at, near) =>
			!state.ended && at >= assembler.oldest && at <= assembler.position + near,
		peek: assembler.peek,
		head: assembler.head,
		rest: body.rest,
		async advance(at, purpose, signal) {
			if (state.ended) return;
			const leave = demand.enter(at, purpose, signal);
			const next = state.changed.wait();
			body.resume();
			state.work.notify();
			try {
				await abortable(next, signal);
			} finally {
				leave();
			}
		},
		close: () => stop(),
	};
}
