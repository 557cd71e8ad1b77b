import { pause } from '../core/async/pause.ts';
import { TAG_LENGTH } from '../core/crypto/gcm.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import type { ReaderDemand } from './reader-demand.ts';
import type { ReaderState } from './reader-state.ts';
import type { Upstream } from './upstream.ts';
import { isPassing } from './upstream-refusal.ts';

/** One body of ciphertext, whatever number of answers it takes: asks, asks again, and queues what comes. */
export interface UpstreamBody {
	/** Receives to the end of the file, no faster than it is wanted. Throws nothing: a failure stops the reader. */
	receive(): Promise<void>;
	/** Gives its answer up if nobody waits; what little is left of a file may come. */
	rest(): void;
	/** Somebody waits again. */
	resume(): void;
	cancel(): void;
}

export function makeUpstreamBody({
	state,
	demand,
	position,
}: {
	state: ReaderState;
	demand: ReaderDemand;
	/** the offset up to which the queue has been emptied */
	position: () => number;
}): UpstreamBody {
	const { context, start, queue, changed, work, demanded } = state;
	const { limits, file, emit } = context;
	let upstream: Upstream | undefined;
	/** an answer that was given up to leave the line to another reader */
	let rested: Upstream | undefined;
	/** nothing is read ahead until somebody waits again */
	let resting = false;
	let received = start;

	async function receive(): Promise<void> {
		let failures = 0;
		/** the furthest that was reached: a server that begins anew each time gets nowhere */
		let reached = received;
		let span = firstSpan();
		while (!state.ended) {
			try {
				if (received > start) await wanting();
				if (state.ended) return;
				const answer = await context.open(received, rangeEnd(span));
				upstream = answer;
				if (state.ended) return answer.cancel();
				emit({ kind: 'answered', upstream: answer, asked: received });
				// Somebody may have waited for the size alone.
				changed.notify();
				if (answer.start !== received) restart(answer.start);
				const isPart = await drain(answer);
				if (state.ended) return;
				if (!isPart) return finish(answer);
				if (received > reached) failures = 0;
				reached = Math.max(reached, received);
				answer.cancel();
				span = file.unasked ? firstSpan() : Math.min(2 * span, limits.range);
			} catch (thrown) {
				if (!state.ended && isWhole()) return;
				const failure = asMediaError(thrown);
				const wait = (failure.detail.retryAfter ?? 0) * 1000;
				if (received - reached >= limits.gain) failures = 0;
				reached = Math.max(reached, received);
				const isFinal = !isPassing(failure) || failures >= limits.retries || wait > limits.patience;
				if (state.ended || isFinal) return state.stop(failure);
				await pause(Math.max(wait, limits.backoff * 2 ** failures));
				failures += 1;
			}
		}
	}

	/** An answer has come to its end, and it was to be the end of the file. Throws MediaError `network`. */
	function finish({ announced }: Upstream): void {
		if (file.size === undefined) emit({ kind: 'ended', total: received });
		if (isWhole()) return;
		// A body that is cut fails. One that ends in peace was never as long as the header says, such as one that is zipped.
		if (announced === undefined || received >= announced) throw new MediaError('network');
		emit({ kind: 'ended-early', total: received });
		isWhole();
	}

	/** Whether all has come; then the assembler's last step goes on. */
	function isWhole(): boolean {
		state.complete = file.size !== undefined && received === file.size + TAG_LENGTH;
		if (state.complete) work.notify();
		changed.notify();
		return state.complete;
	}

	/** Reads an answer to its end; true if there is more to ask for. */
	async function drain(answer: Upstream): Promise<boolean> {
		const from = received;
		for (;;) {
			const canPart = answer.end === undefined && answer.ranged && rangeEnd(1) !== undefined;
			// What goes on to the end of a long file would pile up in the engine, faster than it is read.
			if (canPart && received - from >= firstSpan()) return true;
			if (!(await wanting(canPart ? limits.pause : undefined))) return true;
			if (state.ended) return false;
			const chunk = await answer.read().catch((thrown: unknown) => {
				if (answer === rested) return undefined;
				throw thrown;
			});
			// First: a stream that was cancelled ends like one that is whole.
			if (state.ended) return false;
			if (answer === rested) return true;
			if (chunk === undefined) return false;
			const most = file.isTagged && file.size !== undefined ? file.size + TAG_LENGTH : undefined;
			const bytes = most === undefined ? chunk : chunk.subarray(0, most - received);
			received += bytes.length;
			if (received > file.most) throw new MediaError(file.unasked ? 'unasked' : 'too-large');
			if (file.size !== undefined && received > file.size + TAG_LENGTH) {
				emit({ kind: 'misannounced' });
				throw new MediaError('changed');
			}
			queue.push(bytes);
			work.notify();
			if (received === most) return false;
			if (answer.end !== undefined && received >= answer.end) return true;
		}
	}

	/** Waits until more is wanted than has come, or the reader has ended; false after `time` ms. */
	async function wanting(time?: number): Promise<boolean> {
		if (state.ended || received < horizon()) return true;
		const late = time === undefined ? undefined : pause(time).then(() => 'late' as const);
		while (!state.ended && received >= horizon()) {
			const outcome = await Promise.race(late ? [demanded.wait(), late] : [demanded.wait()]);
			if (outcome === 'late') return state.ended || received < horizon();
		}
		return true;
	}

	function firstSpan(): number {
		return file.unasked ? limits.unaskedRange : limits.firstRange;
	}

	/** Where the next request ends; undefined for the end of the file: the last of them tells whether it grew. */
	function rangeEnd(span: number): number | undefined {
		if (!file.bounded || file.size === undefined) return undefined;
		const isLong = file.size + TAG_LENGTH - received > (file.unasked ? span : limits.range);
		return isLong ? received + span : undefined;
	}

	/**
	 * How far the stream is read now: to what is wanted and a little more, or all of it while its size is unknown; but never
	 * so fast that it piles up here.
	 */
	function horizon(): number {
		if (resting) return 0;
		const most = position() + limits.range;
		if (file.size === undefined) return most;
		// Where only the end of the answer is still to come, it may.
		const isLast = demand.wanted >= file.size || received >= file.size + TAG_LENGTH;
		return isLast ? most : Math.min(most, demand.wanted + limits.window + TAG_LENGTH);
	}

	/** The server began elsewhere than asked: what was in hand is compared again as it comes. */
	function restart(at: number): void {
		queue.clear();
		received = at;
		state.restartAt = at;
		work.notify();
	}

	return {
		receive,
		rest() {
			// A consumer that went away counts as waiting until its promise has settled.
			const isAwaited = demand.waiting > 0 && !demand.abandoned;
			if (state.ended || isAwaited || rangeEnd(1) === undefined) return;
			resting = true;
			rested = upstream;
			upstream?.cancel();
		},
		resume() {
			resting = false;
			demanded.notify();
		},
		cancel: () => upstream?.cancel(),
	};
}
