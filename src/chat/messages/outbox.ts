import { backoff } from '../../core/async/backoff.ts';
import type { Mutex } from '../../core/async/mutex.ts';
import type { Omemo } from '../../omemo/omemo.ts';
import type { ChatWrite } from '../../vault/chat-rows.ts';
import type { MessageFields } from '../model/message.ts';
import { createLane } from './lane.ts';
import { createOutboxAcks, type OutboxAcks } from './outbox-acks.ts';
import type { OutboxContext } from './outbox-context.ts';
import { createOutboxEnd } from './outbox-end.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import { createOutboxQueue } from './outbox-queue.ts';
import { createOutboxSending, FIRST_RETRY, LAST_RETRY, type Progress } from './outbox-sending.ts';
import { createStanzas } from './outbox-stanza.ts';
import type { Stores } from './stores.ts';
import { createStreamSuspects } from './stream-suspects.ts';

/** Times that a message may come back before it fails: about an hour. */
const MAX_BOUNCES = 12;

/**
 * Messages on their way to the server: in the order of their conversation, each of them once, whatever breaks in between.
 * A conversation that cannot go on holds up no other.
 */
export interface Outbox extends OutboxAcks {
	/**
	 * Keeps an entry, with the message that it says or changes, and sends it as soon as it can. To be called in the
	 * messenger's turn. `more`: what is written together with it, entries that follow it among that.
	 */
	add(
		entry: OutboxEntry,
		message?: { message: MessageFields; isNew: boolean },
		more?: { readonly writes: readonly ChatWrite[]; readonly entries: readonly OutboxEntry[] },
	): Promise<void>;
	/** Sends what waits. `isNew`: the server knows nothing of what was under way. */
	flush(isNew?: boolean): Promise<void>;
	/** The server's session is a new one: nothing has been sent in it yet, and how it ends is nobody's fault. */
	begin(): void;
	/** Tries a conversation that waits now. */
	retry(peer: string): Promise<void>;
	/**
	 * A message that was sent came back for a reason that may pass: it waits again, longer each time. Resolves with false once
	 * it came back too often. To be called in the messenger's turn.
	 */
	bounced(entry: OutboxEntry, message: MessageFields): Promise<boolean>;
	/** Something came through to somebody. */
	reached(peer: string): void;
	/**
	 * Takes back what concerns a message and has certainly not left. `keep` gets the entries, newest first, and must do
	 * `writes` with its own. Resolves with whether there was anything; `keep` is not called otherwise. To be called in the
	 * messenger's turn.
	 */
	takeBack(
		message: MessageFields,
		keep: (entries: readonly OutboxEntry[], writes: readonly ChatWrite[]) => Promise<void>,
	): Promise<boolean>;
	/** Whether something that concerns a message is still to be sent, or to be acknowledged. */
	holds(message: MessageFields): boolean;
}

export function createOutbox({
	account,
	stores,
	omemo,
	serial,
	context,
}: {
	/** bare */
	account: string;
	stores: Stores;
	omemo: Omemo;
	/** what is read and written back is read and written by nobody else in between */
	serial: Mutex;
	context: OutboxContext;
}): Outbox {
	let isClosed = false;
	const queue = createOutboxQueue();
	const stanzaOf = createStanzas({ stores, omemo, server: context, isClosed: () => isClosed });
	const suspects = createStreamSuspects();
	/** handed to the connection and not yet acknowledged */
	const underway = new Set<string>();
	/** acknowledged, but that could not be written down yet */
	const accepted = new Set<string>();
	const conversations = new Map<string, Progress>();
	let loading: Promise<void> | undefined;
	const end = createOutboxEnd({ account, stores, queue, suspects, context });

	function load(): Promise<void> {
		loading ??= stores.outbox.all().then((entries) => {
			for (const entry of entries) {
				queue.add(entry);
				if (entry.isSuspect === true) suspects.remember(entry.id);
			}
		});
		// A disk that fails now may be read later.
		loading.catch(() => {
			loading = undefined;
		});
		return loading;
	}

	function progressOf(peer: string): Progress {
		const known = conversations.get(peer);
		if (known !== undefined) return known;
		const lane = createLane(() => sendAll(peer, progress).catch(context.report));
		const progress = { lane, isHeld: false, failures: 0, bounces: 0 };
		conversations.set(peer, progress);
		return progress;
	}

	/** Whether another stanza may go out now; the next acknowledgement goes on otherwise. */
	const hasTurn = () => context.isReady && !(suspects.isCareful && underway.size > 0);

	const sendAll = createOutboxSending({
		...{ stores, serial, context, queue, underway, accepted, stanzaOf, end, hasTurn },
		isClosed: () => isClosed,
	});

	async function flush(isNew = false): Promise<void> {
		if (isNew) underway.clear();
		await load();
		const lanes = queue.peers().map((peer) => progressOf(peer).lane);
		// A conversation that was put off is tried at once only in a new session.
		for (const lane of lanes) isNew ? lane.resume() : lane.wake();
		await Promise.all(lanes.map((lane) => lane.settled()));
	}

	const acks = createOutboxAcks({
		...{ stores, serial, context, queue, suspects },
		...{ underway, accepted, end, load, flush },
	});

	return {
		async add(entry, change, more = { writes: [], entries: [] }) {
			const entries = [entry, ...more.entries];
			const writes = [...more.writes, ...(await Promise.all(entries.map(stores.outbox.put)))];
			await load();
			if (change === undefined) await stores.write(writes);
			else {
				const { message, isNew } = change;
				// Receipts of a correction are for what it corrects.
				const isOther = message.id !== entry.id;
				const content = { time: message.time, isArchived: false };
				const names = isOther
					? await stores.messages.names.putOther(message, { id: entry.id }, content)
					: [];
				await context.keep(message, isNew, [...writes, ...names]);
			}
			for (const one of entries) queue.add(one);
			// Whoever writes again wants to know whether it works now.
			progressOf(entry.peer).lane.resume();
		},
		begin: () => underway.clear(),
		flush,
		async retry(peer) {
			await load();
			const progress = progressOf(peer);
			progress.failures = 0;
			progress.bounces = 0;
			progress.lane.resume();
			await progress.lane.settled();
		},
		async bounced(entry, message) {
			await load();
			const progress = progressOf(entry.peer);
			if (progress.bounces >= MAX_BOUNCES) return false;
			await context.keep(message, false, [await stores.outbox.put(entry)]);
			queue.add(entry);
			progress.bounces += 1;
			progress.lane.putOff(backoff(progress.bounces, FIRST_RETRY, LAST_RETRY));
			return true;
		},
		reached(peer) {
			const progress = conversations.get(peer);
			if (progress !== undefined) progress.bounces = 0;
		},
		async takeBack({ peer, key }, keep) {
			await load();
			const progress = progressOf(peer);
			const entries: OutboxEntry[] = [];
			progress.isHeld = true;
			try {
				for (const item of queue.ofMessage(peer, key).toReversed()) {
					const entry = await stores.outbox.get(item.key);
					if (item.hasLeft || underway.has(item.id) || entry === undefined) break;
					item.isTaken = true;
					queue.remove(item);
					entries.push(entry);
				}
				if (entries.length === 0) return false;
				await keep(
					entries,
					entries.map((entry) => stores.outbox.remove(entry.key)),
				);
			} catch (thrown) {
				for (const entry of entries) queue.add(entry);
				throw thrown;
			} finally {
				progress.isHeld = false;
				progress.lane.wake();
			}
			return true;
		},
		holds: ({ peer, key }) => queue.ofMessage(peer, key).length > 0,
		acknowledged: acks.acknowledged,
		ended: acks.ended,
		close() {
			isClosed = true;
			for (const { lane } of conversations.values()) void lane.close();
			acks.close();
		},
	};
}
