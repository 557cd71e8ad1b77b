import type { Connection } from '../../xmpp/connection.ts';
import { type ArchiveRead, catchUp } from '../messages/catch-up.ts';
import type { Conversations } from '../messages/conversations.ts';
import { createInbox, type Inbox } from '../messages/inbox.ts';
import { createIncoming } from '../messages/incoming.ts';
import { createMessageBatches } from '../messages/message-batches.ts';
import { createMessageWriter } from '../messages/message-writer.ts';
import type { ReceiptQueue } from '../messages/receipt-queue.ts';
import type { AccountContext } from './account-context.ts';
import type { DevicesPart } from './devices-part.ts';
import type { FilesPart } from './files-part.ts';
import type { MessagesPart } from './messages-part.ts';
import type { PeoplePart } from './people-part.ts';

/** Milliseconds after which somebody who was typing is taken to have stopped. */
const TYPING_TIME = 30_000;

/** Messages that come, live and from the archive. */
export interface ArrivalsPart {
	readonly inbox: Inbox;
	/** Reads what came while we were away, as long as nobody else does the same. Throws XmppError. */
	readArchive(isCurrent: () => boolean): Promise<ArchiveRead>;
	/** Nothing can be written now, or it can again. */
	storage(isFull: boolean): void;
	close(): void;
}

export function makeArrivalsPart(
	{ account, stores, serial, setState, report }: AccountContext,
	{
		connection,
		conversations,
		messages,
		people,
		devices,
		files,
		receipts,
		followsArchive,
	}: {
		connection: Pick<Connection, 'archive' | 'restart'>;
		conversations: Conversations;
		messages: MessagesPart;
		people: Pick<PeoplePart, 'isContact'>;
		devices: DevicesPart;
		files: Pick<FilesPart, 'deviceWrote'>;
		receipts: Pick<ReceiptQueue, 'add'>;
		/** The archive was read to its end, and what comes live follows on that. */
		followsArchive(): boolean;
	},
): ArrivalsPart {
	const { isContact } = people;
	const { outbox } = messages;
	const typingTimers = new Map<string, ReturnType<typeof setTimeout>>();

	function typing(peer: string, types: boolean): void {
		clearTimeout(typingTimers.get(peer));
		setState('typing', peer, types);
		if (types)
			typingTimers.set(
				peer,
				setTimeout(() => setState('typing', peer, false), TYPING_TIME),
			);
	}

	const process = createIncoming({
		account,
		stores,
		omemo: devices.omemo,
		effects: {
			keep: (message, isNew, more) => conversations.keep(message, isNew, more, 'relaxed'),
			takes: conversations.takes,
			bounced: messages.bounced,
			reached: outbox.reached,
			confirmed: async (id) => {
				// Not awaited: it waits for its turn, and this is one.
				void outbox.acknowledged(id).catch(report);
			},
			readElsewhere: conversations.readElsewhere,
			typing,
			deviceWrote(jid, full, device) {
				// Who is no contact is not asked: that would tell them that we are there.
				if (isContact(jid)) files.deviceWrote(jid, full, device);
			},
			receipt(to, id) {
				// Who is no contact does not learn that we are there.
				if (!isContact(to)) return;
				whenWritten(() =>
					receipts.add({ id: crypto.randomUUID(), to, receiptFor: id, store: true }),
				);
			},
			answer: devices.answer,
			broken: devices.heal,
		},
	});
	const storage = (isFull: boolean) => setState('storage', isFull ? 'full' : 'ok');
	const unavailable = () => setState('needsReload', true);
	const { flush, whenWritten } = stores.buffer;
	const writer = createMessageWriter({
		process,
		flush,
		serial,
		listeners: { storage, unavailable, report },
	});
	const batches = createMessageBatches(stores, writer);
	const inbox = createInbox({
		async take(messages) {
			const named = messages.findLast(({ archiveId }) => archiveId !== undefined);
			const position = followsArchive() ? named?.archiveId : undefined;
			const { written } = await batches.take(messages, position);
			await written;
		},
		overflowed: connection.restart,
	});

	return {
		inbox,
		readArchive: (isCurrent) => catchUp(stores, connection.archive, batches, isCurrent),
		storage,
		close() {
			writer.close();
			inbox.close();
			for (const timer of typingTimers.values()) clearTimeout(timer);
		},
	};
}
