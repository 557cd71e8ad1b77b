import { backoff } from '../../core/async/backoff.ts';
import type { Mutex } from '../../core/async/mutex.ts';
import { isStorageError } from '../../vault/is-storage-error.ts';
import type { OutgoingMessage } from '../../xmpp/message.ts';
import type { Lane } from './lane.ts';
import type { OutboxContext } from './outbox-context.ts';
import type { EndEntry } from './outbox-end.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import { judgeFailure } from './outbox-failure.ts';
import type { OutboxQueue, QueueItem } from './outbox-queue.ts';
import type { Stores } from './stores.ts';

/** Milliseconds until a conversation that was held up is tried again, and the longest after many tries. */
export const FIRST_RETRY = 5000;
export const LAST_RETRY = 10 * 60_000;

/** How one conversation gets on. */
export interface Progress {
	readonly lane: Lane;
	/** something is being taken back, and may come back in its place: nothing behind that is sent meanwhile */
	isHeld: boolean;
	/** in a row, before anything was sent */
	failures: number;
	/** in a row, of what was sent and came back */
	bounces: number;
}

/** Sends what waits in one conversation, as far as it can go now. */
export type SendConversation = (peer: string, progress: Progress) => Promise<void>;

export function createOutboxSending({
	stores,
	serial,
	context,
	queue,
	underway,
	accepted,
	stanzaOf,
	end,
	hasTurn,
	isClosed,
}: {
	stores: Stores;
	serial: Mutex;
	context: OutboxContext;
	queue: OutboxQueue;
	/** ids that were handed to the connection and are not yet acknowledged */
	underway: Set<string>;
	/** ids that were acknowledged, but that could not be written down yet */
	accepted: ReadonlySet<string>;
	stanzaOf(item: QueueItem, entry: OutboxEntry): Promise<OutgoingMessage>;
	end: EndEntry;
	/** Whether another stanza may go out now; the next acknowledgement goes on otherwise. */
	hasTurn(): boolean;
	isClosed(): boolean;
}): SendConversation {
	/** Sends one entry. Resolves with why its conversation has to wait, if it has to. */
	async function sendOne(item: QueueItem): Promise<string | undefined> {
		try {
			const entry = await stores.outbox.get(item.key);
			if (entry === undefined) queue.remove(item);
			else {
				const stanza = await stanzaOf(item, entry);
				if (!hasTurn() || underway.has(item.id) || queue.byId(item.id) !== item) return undefined;
				context.send(stanza);
				underway.add(item.id);
			}
			return undefined;
		} catch (thrown) {
			// Whatever became of it is not what is to be sent now.
			if (item.isTaken) return undefined;
			const { waitsFor, problem } = judgeFailure(thrown, context.isReady);
			if (problem === 'internal') context.report(thrown);
			return problem === undefined ? waitsFor : fail(item, problem);
		}
	}

	/** Resolves with why its conversation has to wait, if not even that can be written down. */
	async function fail(item: QueueItem, problem: string): Promise<string | undefined> {
		try {
			await serial(() => end(item, { state: 'failed', problem }));
			return undefined;
		} catch (thrown) {
			if (!isStorageError(thrown)) throw thrown;
			return 'storage-full';
		}
	}

	/** Says below a message why it waits. */
	async function showWaiting({ messageKey }: QueueItem, waitsFor: string): Promise<void> {
		await serial(async () => {
			const message = messageKey === undefined ? undefined : await stores.messages.get(messageKey);
			if (message?.state === 'waiting' && message.waitsFor !== waitsFor)
				await context.keep({ ...message, waitsFor }, false, []);
		});
	}

	async function sendAll(peer: string, progress: Progress): Promise<void> {
		for (const item of queue.of(peer)) {
			if (isClosed() || progress.isHeld || !hasTurn()) return;
			if (underway.has(item.id) || accepted.has(item.id)) continue;
			const waitsFor = item.isTaken ? undefined : await sendOne(item);
			// It may have come back in its place, before those that are behind it.
			if (item.isTaken) return progress.lane.wake();
			if (waitsFor === undefined) progress.failures = 0;
			else {
				progress.failures += 1;
				progress.lane.putOff(backoff(progress.failures, FIRST_RETRY, LAST_RETRY));
				// On a full disk nothing can be shown for good either.
				await showWaiting(item, waitsFor).catch(() => undefined);
				return;
			}
		}
	}

	return sendAll;
}
