import type { IncomingMessage } from '../../xmpp/message.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import type { MessageWriter } from './message-writer.ts';
import { rowsAhead } from './rows-ahead.ts';
import type { Stores } from './stores.ts';

/** Milliseconds until what was gathered goes to the disk: what is sent meanwhile waits no longer for it. */
const COMMIT_TIME = 250;

/** Deals with many messages as one unit: what is known of them is read at once, and what becomes of them is written at once. */
export interface MessagePages {
	/**
	 * Resolves once all of them are dealt with, in their order; `written` does once that is on the disk. `position`: how far the
	 * archive was read with them. Throws XmppError `offline` if they are not wanted any more.
	 */
	take(
		messages: readonly IncomingMessage[],
		position?: string,
		isWanted?: () => boolean,
	): Promise<{ written: Promise<void> }>;
}

export function createMessagePages(
	stores: Stores,
	writer: Pick<MessageWriter, 'keep' | 'commit'>,
): MessagePages {
	const { gathering } = stores;

	async function wanted(work: Promise<boolean>): Promise<void> {
		if (!(await work)) throw new XmppError('offline');
	}

	/** What comes next is dealt with meanwhile. */
	function commit(isWanted?: () => boolean): Promise<void> {
		const written = wanted(writer.commit(isWanted));
		written.catch(() => undefined);
		return written;
	}

	return {
		async take(messages, position, isWanted) {
			const release = gathering.gather();
			let written: Promise<void> = Promise.resolve();
			let since = performance.now();
			try {
				// What cannot be read now is read again, and waited for, with its message.
				await gathering.readAhead(rowsAhead(stores, messages)).catch(() => undefined);
				for (const message of messages) {
					await wanted(writer.keep(message, isWanted));
					if (performance.now() - since < COMMIT_TIME) continue;
					await written;
					written = commit(isWanted);
					since = performance.now();
				}
				if (position !== undefined)
					await stores.write([await stores.archive.putPosition(position)], 'relaxed');
				await written;
				return { written: commit(isWanted) };
			} finally {
				release();
			}
		},
	};
}
