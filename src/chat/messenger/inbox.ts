import type { Mutex } from '../../core/mutex.ts';
import { isStorageError } from '../../vault/is-storage-error.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import { backoff } from './backoff.ts';

/** Milliseconds until a write is tried again that failed, and the longest after many tries. */
const FIRST_RETRY = 1000;
const LAST_RETRY = 30_000;
/** Tries of a message that fails for another reason, a mistake of ours: it must not hold up all that comes after. */
const MAX_TRIES = 4;
/** Messages that wait in memory for room on the disk; what comes after that is read from the archive later. */
const MAX_WAITING = 2000;

/** Messages that come live, one after the other: none is passed over because it could not be written at once. */
export interface Inbox {
	/** Resolves when what follows from the message is on the disk; rejects if it was given up. */
	receive(message: IncomingMessage): Promise<void>;
	/** Nothing is dealt with from now on until `open`: what is older comes from the archive first. */
	hold(): void;
	/** Deals with what has come meanwhile. */
	open(): void;
	/** Gives up what waits: the server keeps it, because it was never acknowledged. */
	close(): void;
}

interface Waiting {
	readonly message: IncomingMessage;
	resolve(): void;
	reject(reason: unknown): void;
}

export function createInbox({
	process,
	serial,
	listeners,
}: {
	/** Keeps a message with all that follows from it; the same one may come again after it failed. */
	process(message: IncomingMessage): Promise<void>;
	serial: Mutex;
	listeners: {
		/** A message is on the disk. */
		kept(message: IncomingMessage): Promise<void>;
		/** Nothing can be written now, or it can again. */
		storage(isFull: boolean): void;
		/** More came than can wait: the archive has it. */
		overflowed(): void;
		/** Tells of a mistake of ours. */
		report(thrown: unknown): void;
	};
}): Inbox {
	let waiting: Waiting[] = [];
	let isOpen = false;
	let isClosed = false;
	let hasOverflowed = false;
	let isRunning = false;
	let wake: (() => void) | undefined;

	/** Ends early when there is nothing left to wait for. */
	function pause(time: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, time);
			wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}

	/** Resolves with whether it is kept; a full disk is waited for. */
	async function keep(message: IncomingMessage): Promise<boolean> {
		for (let failures = 1; !isClosed; failures++) {
			try {
				await serial(() => process(message));
				await listeners.kept(message);
				if (failures > 1) listeners.storage(false);
				return true;
			} catch (thrown) {
				if (isStorageError(thrown)) listeners.storage(true);
				else listeners.report(thrown);
				if (!isStorageError(thrown) && failures === MAX_TRIES) return true;
				await pause(backoff(failures, FIRST_RETRY, LAST_RETRY));
			}
		}
		return false;
	}

	async function run(): Promise<void> {
		for (let next = waiting[0]; next !== undefined && isOpen && !isClosed; next = waiting[0]) {
			if (!(await keep(next.message))) return;
			next.resolve();
			waiting.shift();
		}
		if (waiting.length === 0 && hasOverflowed && isOpen) {
			hasOverflowed = false;
			listeners.overflowed();
		}
	}

	function start(): void {
		if (isRunning) return;
		isRunning = true;
		void run().finally(() => {
			isRunning = false;
			if (waiting.length > 0 && isOpen && !isClosed) start();
		});
	}

	return {
		receive(message) {
			// Later ones must not overtake it, nor move the position in the archive past it.
			if (waiting.length >= MAX_WAITING || hasOverflowed) hasOverflowed = true;
			if (isClosed || hasOverflowed) return Promise.reject(new Error('not kept'));
			return new Promise((resolve, reject) => {
				waiting.push({ message, resolve, reject });
				if (isOpen) start();
			});
		},
		hold() {
			isOpen = false;
		},
		open() {
			isOpen = true;
			start();
		},
		close() {
			isClosed = true;
			wake?.();
			for (const { reject } of waiting) reject(new Error('not kept'));
			waiting = [];
		},
	};
}
