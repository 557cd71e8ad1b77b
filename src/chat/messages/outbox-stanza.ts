import type { OmemoElement } from '../../core/omemo-element.ts';
import type { Omemo } from '../../omemo/omemo.ts';
import type { DeviceName } from '../../omemo/reach.ts';
import type { ChatWrite } from '../../vault/chat-rows.ts';
import type { OutgoingMessage } from '../../xmpp/message.ts';
import { unencrypted } from './outbox-content.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import { TakenBack, TooLong } from './outbox-failure.ts';
import type { QueueItem } from './outbox-queue.ts';
import type { Stores } from './stores.ts';

/**
 * Makes the stanza of an entry, once: it is kept together with the ratchet's sessions before anybody sees it, and sent as it is
 * from then on. Throws TooLong or TakenBack, and what encrypting and writing throw; nothing has changed then.
 */
export function createStanzas({
	stores,
	omemo,
	server,
	isClosed,
}: {
	stores: Stores;
	omemo: Omemo;
	server: {
		/** bytes of the largest stanza that the server takes */
		readonly stanzaLimit: number;
		/** Bytes of a stanza on the wire. */
		sizeOf(stanza: OutgoingMessage): number;
	};
	isClosed(): boolean;
}): (item: QueueItem, entry: OutboxEntry) => Promise<OutgoingMessage> {
	async function keep(
		item: QueueItem,
		entry: OutboxEntry,
		stanza: OutgoingMessage,
		writes: readonly ChatWrite[],
		leftOut: readonly DeviceName[] = [],
	): Promise<void> {
		if (server.sizeOf(stanza) > server.stanzaLimit) throw new TooLong();
		const kept = { ...entry, stanza, ...(leftOut.length === 0 ? {} : { leftOut }) };
		const row = await stores.outbox.put(kept);
		// Another tab may work with the sessions by now.
		if (item.isTaken || isClosed()) throw new TakenBack();
		item.hasLeft = true;
		try {
			await stores.write([...writes, row]);
		} catch (thrown) {
			item.hasLeft = false;
			throw thrown;
		}
	}

	return async (item, entry) => {
		if (entry.stanza !== undefined) return entry.stanza as OutgoingMessage;
		const { text, bare } = unencrypted(entry);
		let stanza: OutgoingMessage | undefined;
		if (text === undefined || !entry.isEncrypted) {
			stanza = { ...bare, ...(text === undefined ? {} : { body: text }) };
			await keep(item, entry, stanza, []);
		} else
			await omemo.encrypt(entry.peer, text, async (encrypted: OmemoElement, writes, leftOut) => {
				const sealed = { ...bare, encrypted };
				await keep(item, entry, sealed, writes, leftOut);
				stanza = sealed;
			});
		if (stanza === undefined) throw new TypeError('nothing was encrypted');
		return stanza;
	};
}
