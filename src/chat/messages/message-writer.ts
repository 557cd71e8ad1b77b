import { backoff } from '../../core/async/backoff.ts';
import type { Mutex } from '../../core/async/mutex.ts';
import { OmemoError } from '../../omemo/omemo-error.ts';
import { isStorageError } from '../../vault/is-storage-error.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';

/** Milliseconds until a write is tried again that failed, and the longest after many tries. */
const FIRST_RETRY = 1000;
const LAST_RETRY = 30_000;
/** Failures of a message after which somebody is told that a part of the app is missing. */
const FAILURES_TOLD = 3;
/** Tries of a message that fails by a mistake of ours: it must not hold up all that comes after it. */
const MAX_TRIES = 4;

/** Writes messages that come, live or from the archive, to the disk, and waits for room where it is full. */
export interface MessageWriter {
	/**
	 * Resolves with whether the message is dealt with, which may take until there is room, or the keys are at hand. false: it was not wanted any more
	 * while it waited.
	 */
	keep(message: IncomingMessage, isWanted?: () => boolean): Promise<boolean>;
	/** Writes what is in memory, see WriteBuffer; waits for room as `keep` does. */
	flush(isWanted?: () => boolean): Promise<boolean>;
	/** Ends what waits. */
	close(): void;
}

export function createMessageWriter({
	process,
	flush,
	serial,
	listeners,
}: {
	/** Keeps a message with all that follows from it; the same one may come again after it failed. */
	process(message: IncomingMessage): Promise<void>;
	/** Writes what is in memory. */
	flush(): Promise<void>;
	serial: Mutex;
	listeners: {
		/** Nothing can be written now, or it can again. */
		storage(isFull: boolean): void;
		/** A part of the app that a message needs cannot be loaded. */
		unavailable(): void;
		/** Tells of a mistake of ours. */
		report(thrown: unknown): void;
	};
}): MessageWriter {
	const waiting = new Set<() => void>();
	let isClosed = false;
	/** what was told of the disk last, by whichever call */
	let isFull = false;

	function tellFull(now: boolean): void {
		if (now || isFull) listeners.storage(now);
		isFull = now;
	}

	function pause(time: number): Promise<void> {
		return new Promise((resolve) => {
			const end = () => {
				clearTimeout(timer);
				waiting.delete(end);
				resolve();
			};
			const timer = setTimeout(end, time);
			waiting.add(end);
		});
	}

	async function write(work: () => Promise<void>, isWanted = () => true): Promise<boolean> {
		let mistakes = 0;
		for (let failures = 1; !isClosed && isWanted(); failures++) {
			try {
				await work();
				tellFull(false);
				return true;
			} catch (thrown) {
				if (isStorageError(thrown)) {
					tellFull(true);
				} else if (thrown instanceof OmemoError && thrown.code === 'unavailable') {
					// A browser may not try once more to load what it could not load once.
					if (failures === FAILURES_TOLD) listeners.unavailable();
				} else {
					mistakes += 1;
					listeners.report(thrown);
					if (mistakes === MAX_TRIES) {
						tellFull(false);
						return true;
					}
				}
			}
			await pause(backoff(failures, FIRST_RETRY, LAST_RETRY));
		}
		return false;
	}

	return {
		keep: (message, isWanted) => write(() => serial(() => process(message)), isWanted),
		flush: (isWanted) => write(flush, isWanted),
		close() {
			isClosed = true;
			for (const end of [...waiting]) end();
		},
	};
}
