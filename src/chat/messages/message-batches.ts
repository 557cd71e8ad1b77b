import type { IncomingMessage } from '../../xmpp/message.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import { lookupKeys } from './lookup-keys.ts';
import type { MessageWriter } from './message-writer.ts';
import type { Stores } from './stores.ts';

/** Milliseconds of writes that are held in memory before they go to the disk: a message that is sent meanwhile waits for that. */
const FLUSH_INTERVAL = 250;

/** Deals with many messages as one batch: what is known of them is read at once, and what becomes of them is written at once. */
export interface MessageBatches {
	/**
	 * Resolves once all of them are dealt with, in their order; `written` does once that is on the disk. `position`: how far the
	 * archive was read with them. Throws XmppError `offline` if they are not wanted any more; `written` rejects with it, too.
	 */
	take(
		messages: readonly IncomingMessage[],
		position?: string,
		isWanted?: () => boolean,
	): Promise<{ written: Promise<void> }>;
}

export function createMessageBatches(
	stores: Stores,
	writer: Pick<MessageWriter, 'keep' | 'flush'>,
): MessageBatches {
	const { buffer } = stores;

	async function orOffline(work: Promise<boolean>): Promise<void> {
		if (!(await work)) throw new XmppError('offline');
	}

	/** The next messages are dealt with while this is written. */
	function flush(isWanted?: () => boolean): Promise<void> {
		const written = orOffline(writer.flush(isWanted));
		written.catch(() => undefined);
		return written;
	}

	/** A failure here only costs time: each message reads its rows itself. */
	async function prefetch(messages: readonly IncomingMessage[]): Promise<void> {
		try {
			await buffer.prefetch(lookupKeys(stores, messages));
		} catch {}
	}

	return {
		async take(messages, position, isWanted) {
			const release = buffer.hold();
			let written: Promise<void> = Promise.resolve();
			let since = performance.now();
			try {
				await prefetch(messages);
				for (const message of messages) {
					await orOffline(writer.keep(message, isWanted));
					if (performance.now() - since < FLUSH_INTERVAL) continue;
					await written;
					written = flush(isWanted);
					since = performance.now();
				}
				if (position !== undefined)
					await stores.write([await stores.archive.putPosition(position)], 'relaxed');
				await written;
				return { written: flush(isWanted) };
			} finally {
				release();
			}
		},
	};
}
