import { backoff } from '../../core/async/backoff.ts';
import type { Mutex } from '../../core/async/mutex.ts';
import type { Omemo } from '../../omemo/omemo.ts';
import type { ChatWrite } from '../../vault/chat-rows.ts';
import { isStorageError } from '../../vault/is-storage-error.ts';
import type { EndedBy } from '../../xmpp/connection-events.ts';
import type { OutgoingMessage } from '../../xmpp/message.ts';
import { asNeverSent, withReactions } from '../model/changed-message.ts';
import type { MessageFields } from '../model/chat-message.ts';
import { emojisBy } from '../model/reactions.ts';
import { accountSender } from '../model/sender.ts';
import { createLane, type Lane } from './lane.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import { judgeFailure } from './outbox-failure.ts';
import { createOutboxQueue, type QueueItem } from './outbox-queue.ts';
import { createStanzas } from './outbox-stanza.ts';
import type { Stores } from './stores.ts';
import { createStreamSuspects } from './stream-suspects.ts';

/** Milliseconds until a conversation that was held up is tried again, and the longest after many tries. */
const FIRST_RETRY = 5000;
const LAST_RETRY = 10 * 60_000;
/** Times that a message may come back before it fails: about an hour. */
const MAX_BOUNCES = 12;

/** What the outbox needs of its surroundings. */
export interface OutboxOwner {
	/** there is a connection, and nothing older is to go first */
	readonly isReady: boolean;
	/** bytes of the largest stanza that the server takes */
	readonly stanzaLimit: number;
	/** Bytes of a stanza on the wire. */
	sizeOf(stanza: OutgoingMessage): number;
	/** Hands a stanza to the connection. Throws XmppError `offline`. */
	send(stanza: OutgoingMessage): void;
	/** The next session is a new one: the connection sends nothing again by itself. */
	forgetSession(): void;
	/** Keeps and shows a message, together with other writes. */
	keep(message: MessageFields, isNew: boolean, more: readonly ChatWrite[]): Promise<void>;
	/** Tells of a mistake of ours. */
	report(thrown: unknown): void;
}

/**
 * Messages on their way to the server: in the order of their conversation, each of them once, whatever breaks in between.
 * A conversation that cannot go on holds up no other.
 */
export interface Outbox {
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
	/** The server has what was sent with this id. */
	acknowledged(id: string): Promise<void>;
	/** The stream is over; what was under way may be why. */
	ended(by: EndedBy): Promise<void>;
	close(): void;
}

/** How one conversation gets on. */
interface Progress {
	readonly lane: Lane;
	/** something is being taken back, and may come back in its place: nothing behind that is sent meanwhile */
	isHeld: boolean;
	/** in a row, before anything was sent */
	failures: number;
	/** in a row, of what was sent and came back */
	bounces: number;
}

export function createOutbox({
	account,
	stores,
	omemo,
	serial,
	owner,
}: {
	/** bare */
	account: string;
	stores: Stores;
	omemo: Omemo;
	/** what is read and written back is read and written by nobody else in between */
	serial: Mutex;
	owner: OutboxOwner;
}): Outbox {
	let isClosed = false;
	const queue = createOutboxQueue();
	const stanzaOf = createStanzas({ stores, omemo, server: owner, isClosed: () => isClosed });
	const suspects = createStreamSuspects();
	/** handed to the connection and not yet acknowledged */
	const underway = new Set<string>();
	/** acknowledged, but that could not be written down yet */
	const accepted = new Set<string>();
	const conversations = new Map<string, Progress>();
	const timers = new Set<ReturnType<typeof setTimeout>>();
	let loading: Promise<void> | undefined;

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
		const lane = createLane(() => sendAll(peer, progress).catch(owner.report));
		const progress = { lane, isHeld: false, failures: 0, bounces: 0 };
		conversations.set(peer, progress);
		return progress;
	}

	/** An entry is done with, and its message, if it has one, is what `change` says. To be called in the messenger's turn. */
	async function end(item: QueueItem, change: Partial<MessageFields>): Promise<void> {
		const entry = await stores.outbox.get(item.key);
		const message =
			item.messageKey === undefined ? undefined : await stores.messages.get(item.messageKey);
		const removal = stores.outbox.remove(item.key);
		const isFailed = change.state === 'failed';
		const content = entry?.content;
		const isFirst = content?.kind === 'text' && content.replaces === undefined;
		// Whether a message has come says nothing of a reaction to it, nor the other way round.
		const all = queue.ofMessage(item.peer, item.messageKey ?? '');
		const isLast = all.every((one) => one === item || one.isReaction);
		const isShown = all.findLast(({ isReaction }) => isReaction) === item;
		// What was changed may be delivered as it was before.
		const isOpen = message?.state === 'waiting' || (isFailed && entry?.before !== undefined);
		if (isShown && isFailed && message !== undefined) {
			// Nobody has seen it: it must not look as if they had.
			const felt = emojisBy(entry?.before?.reactions, account);
			await owner.keep(withReactions(message, accountSender(account), felt), false, [removal]);
		} else if (isFailed && isFirst && isOpen && message !== undefined) {
			// What was done to it meanwhile would be done to a message that nobody has.
			const behind = all.filter((one) => one !== item && !one.hasLeft);
			for (const one of behind) one.isTaken = true;
			try {
				const removals = behind.map(({ key }) => stores.outbox.remove(key));
				await owner.keep(asNeverSent(message, change), false, [removal, ...removals]);
			} catch (thrown) {
				for (const one of behind) one.isTaken = false;
				throw thrown;
			}
			for (const one of behind) queue.remove(one);
		} else if (message !== undefined && !item.isReaction && isOpen && (isLast || isFailed)) {
			const { waitsFor: _, leftOut: __, ...rest } = message;
			const leftOut = entry?.leftOut === undefined ? {} : { leftOut: entry.leftOut };
			await owner.keep({ ...rest, ...leftOut, ...change }, false, [removal]);
		} else await stores.write([removal]);
		queue.remove(item);
		suspects.clear(item.id);
	}

	/** Whether another stanza may go out now; the next acknowledgement goes on otherwise. */
	const hasTurn = () => owner.isReady && !(suspects.isCareful && underway.size > 0);

	/** Sends one entry. Resolves with why its conversation has to wait, if it has to. */
	async function sendOne(item: QueueItem): Promise<string | undefined> {
		try {
			const entry = await stores.outbox.get(item.key);
			if (entry === undefined) queue.remove(item);
			else {
				const stanza = await stanzaOf(item, entry);
				if (!hasTurn() || underway.has(item.id) || queue.byId(item.id) !== item) return undefined;
				owner.send(stanza);
				underway.add(item.id);
			}
			return undefined;
		} catch (thrown) {
			// Whatever became of it is not what is to be sent now.
			if (item.isTaken) return undefined;
			const { waitsFor, problem } = judgeFailure(thrown, owner.isReady);
			if (problem === 'internal') owner.report(thrown);
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
				await owner.keep({ ...message, waitsFor }, false, []);
		});
	}

	async function sendAll(peer: string, progress: Progress): Promise<void> {
		for (const item of queue.of(peer)) {
			if (isClosed || progress.isHeld || !hasTurn()) return;
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

	async function flush(isNew = false): Promise<void> {
		if (isNew) underway.clear();
		await load();
		const lanes = queue.peers().map((peer) => progressOf(peer).lane);
		// A conversation that was put off is tried at once only in a new session.
		for (const lane of lanes) isNew ? lane.resume() : lane.wake();
		await Promise.all(lanes.map((lane) => lane.settled()));
	}

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
				void acknowledged(id).catch(owner.report);
			}, FIRST_RETRY);
			timers.add(timer);
			if (isClosed) clearTimeout(timer);
		}
		if (wasCareful) await flush();
	}

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
				await owner.keep(message, isNew, [...writes, ...names]);
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
			await owner.keep(message, false, [await stores.outbox.put(entry)]);
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
		acknowledged,
		async ended(by) {
			const ids = [...underway];
			const guilty = suspects.ended(by, ids);
			if (suspects.isCareful) owner.forgetSession();
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
			for (const { lane } of conversations.values()) void lane.close();
			for (const timer of timers) clearTimeout(timer);
		},
	};
}
