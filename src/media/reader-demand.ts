import type { Limits } from './limits.ts';
import type { FileView } from './reader-context.ts';

/**
 * Why somebody waits: to `read` the bytes, as soon as they may be released; to `load` them, which releases nothing; or
 * to `look` at what they are, without reading on: that may take long and makes no consumer of the reader.
 */
export type Purpose = 'read' | 'load' | 'look';

/** Those who wait for one reader, and how far they want it to come. */
export interface ReaderDemand {
	/** end of what is wanted by anybody */
	readonly wanted: number;
	/** end of what is wanted by those who read */
	readonly due: number;
	readonly waiting: number;
	/** somebody waits for bytes to be released */
	readonly reading: boolean;
	/** everybody who waited for it has gone away */
	readonly abandoned: boolean;
	/** Somebody waits for the byte at `offset`; the result is to be called when they wait no longer. */
	enter(offset: number, purpose: Purpose, signal?: AbortSignal): () => void;
	/** The reader has ended. */
	close(): void;
}

export function makeReaderDemand({
	start,
	limits,
	file,
	abandoned,
	unused,
}: {
	start: number;
	limits: Limits;
	file: FileView;
	/** everybody has gone away */
	abandoned: () => void;
	/** nobody has waited for a while */
	unused: () => void;
}): ReaderDemand {
	let wanted = start;
	let due = start;
	let waiting = 0;
	let reading = 0;
	/** those of them who are consumers only as long as they wait */
	let passing = 0;
	let isClosed = false;
	const consumers = new Set<AbortSignal>();
	let lingering: ReturnType<typeof setTimeout> | undefined;

	/** Keeps a consumer in mind: once the last of them has gone, nothing is read ahead for them. */
	function join(consumer: AbortSignal): void {
		if (consumers.has(consumer)) return;
		for (const other of consumers) if (other.aborted) consumers.delete(other);
		consumers.add(consumer);
		consumer.addEventListener('abort', () => isAbandoned() && abandoned(), { once: true });
	}

	function isAbandoned(): boolean {
		return passing === 0 && consumers.size > 0 && [...consumers].every(({ aborted }) => aborted);
	}

	function count(by: 1 | -1, reads: boolean, passes: boolean): void {
		waiting += by;
		reading += reads ? by : 0;
		passing += passes ? by : 0;
		clearTimeout(lingering);
	}

	return {
		get wanted() {
			return wanted;
		},
		get due() {
			return due;
		},
		get waiting() {
			return waiting;
		},
		get reading() {
			return reading > 0;
		},
		get abandoned() {
			return isAbandoned();
		},
		enter(offset, purpose, signal) {
			const passes = purpose === 'look' || signal === undefined;
			const reads = purpose === 'read';
			if (signal && !passes) join(signal);
			wanted = Math.max(wanted, offset + 1);
			// Nothing of a segment is there before all of it is.
			if (file.isTagged)
				wanted = Math.max(wanted, (Math.floor(offset / limits.segment) + 1) * limits.segment);
			if (reads) due = Math.max(due, offset + 1);
			count(1, reads, passes);
			return () => {
				count(-1, reads, passes);
				if (waiting > 0 || isClosed) return;
				lingering = setTimeout(unused, file.unasked ? limits.unaskedLinger : limits.linger);
			};
		},
		close() {
			isClosed = true;
			clearTimeout(lingering);
		},
	};
}
