import type { IncomingMessage } from '../../xmpp/message.ts';

/** Messages that wait in memory for room on the disk; what comes after that is read from the archive later. */
const MAX_WAITING = 2000;
/** Messages of one batch. */
const MAX_BATCH = 250;

/** Messages that come live, in their order, many at once: none is passed over because it could not be written at once. */
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
	take,
	overflowed,
}: {
	/** Resolves once what follows from these messages is on the disk; rejects if they were given up. */
	take(messages: readonly IncomingMessage[]): Promise<void>;
	/** More came than can wait. Nothing is taken any more until `hold`: the archive has it, and comes first. */
	overflowed(): void;
}): Inbox {
	let waiting: Waiting[] = [];
	let isOpen = false;
	let isClosed = false;
	let hasOverflowed = false;
	let isRunning = false;

	async function run(): Promise<void> {
		while (waiting.length > 0 && isOpen && !isClosed) {
			const batch = waiting.slice(0, MAX_BATCH);
			try {
				await take(batch.map(({ message }) => message));
			} catch {
				return;
			}
			for (const { resolve } of batch) resolve();
			waiting = waiting.slice(batch.length);
		}
		if (waiting.length === 0 && hasOverflowed && isOpen) overflowed();
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
			if (waiting.length >= MAX_WAITING) hasOverflowed = true;
			if (isClosed || hasOverflowed) return Promise.reject(new Error('not kept'));
			return new Promise((resolve, reject) => {
				waiting.push({ message, resolve, reject });
				if (isOpen) start();
			});
		},
		hold() {
			isOpen = false;
			hasOverflowed = false;
		},
		open() {
			isOpen = true;
			start();
		},
		close() {
			isClosed = true;
			for (const { reject } of waiting) reject(new Error('not kept'));
			waiting = [];
		},
	};
}
