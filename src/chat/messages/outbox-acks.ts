import type { Mutex } from '../../core/async/mutex.ts';
import { isStorageError } from '../../vault/is-storage-error.ts';
import type { EndedBy } from '../../xmpp/connection-events.ts';
import type { OutboxContext } from './outbox-context.ts';
import type { EndEntry } from './outbox-end.ts';
import type { OutboxQueue } from './outbox-queue.ts';
import { FIRST_RETRY } from './outbox-sending.ts';
import type { Stores } from './stores.ts';
import type { StreamSuspects } from './stream-suspects.ts';

/** Follows stanzas that were handed to the connection until they are acknowledged or failed. */
export interface OutboxAcks {
	/** The server has what was sent with this id. */
	acknowledged(id: string): Promise<void>;
	/** The stream is over; what was under way may be why. */
	ended(by: EndedBy): Promise<void>;
	close(): void;
}

export function createOutboxAcks({
	stores,
	serial,
	context,
	queue,
	suspects,
	underway,
	accepted,
	end,
	load,
	flush,
}: {
	stores: Pick<Stores, 'outbox' | 'write'>;
	serial: Mutex;
	context: OutboxContext;
	queue: OutboxQueue;
	suspects: StreamSuspects;
	/** ids that were handed to the connection and are not yet acknowledged */
	underway: Set<string>;
	/** ids that were acknowledged, but that could not be written down yet */
	accepted: Set<string>;
	end: EndEntry;
	/** Reads what waits, once. */
	load(): Promise<void>;
	/** Sends what waits. */
	flush(): Promise<void>;
}): OutboxAcks {
	let isClosed = false;
	const timers = new Set<ReturnType<typeof setTimeout>>();

	async function acknowledged(id: string): Promise<void> {
		// Until that is written down it is in the queue, and must not be sent again from there.
		accepted.add(id);
		underway.delete(id);
		const wasCareful = suspects.isCareful;
		try {
			await load();
			await serial(async () => {
				const item = queue.byId(id);
				// One that came back, and was not sent again since, is acknowledged for the first time only now.
				if (item?.hasLeft === true) await end(item, { state: 'sent' });
			});
			accepted.delete(id);
		} catch (thrown) {
			if (!isStorageError(thrown)) throw thrown;
			const timer = setTimeout(() => {
				timers.delete(timer);
				void acknowledged(id).catch(context.report);
			}, FIRST_RETRY);
			timers.add(timer);
			if (isClosed) clearTimeout(timer);
		}
		if (wasCareful) await flush();
	}

	return {
		acknowledged,
		async ended(by) {
			const ids = [...underway];
			const guilty = suspects.ended(by, ids);
			if (suspects.isCareful) context.forgetSession();
			if (guilty !== undefined) {
				underway.delete(guilty);
				const item = queue.byId(guilty);
				if (item !== undefined)
					await serial(() => end(item, { state: 'failed', problem: 'stream-ended' }));
			}
			if (by === 'line') return;
			// After a reload, too, the same stanza must not end each session.
			await serial(async () => {
				for (const id of ids.filter((one) => one !== guilty)) {
					const item = queue.byId(id);
					const entry = item && (await stores.outbox.get(item.key));
					if (entry) await stores.write([await stores.outbox.put({ ...entry, isSuspect: true })]);
				}
			});
		},
		close() {
			isClosed = true;
			for (const timer of timers) clearTimeout(timer);
		},
	};
}
