import type { Mutex } from '../../core/mutex.ts';
import type { OmemoElement } from '../../core/omemo-element.ts';
import type { Omemo } from '../../omemo/omemo.ts';
import { OmemoError } from '../../omemo/omemo-error.ts';
import type { ChatWrite } from '../../vault/chat-rows.ts';
import { isStorageError } from '../../vault/is-storage-error.ts';
import type { OutgoingMessage } from '../../xmpp/message.ts';
import { isPassing, XmppError } from '../../xmpp/xmpp-error.ts';
import { backoff } from './backoff.ts';
import { withReactions } from './changed-message.ts';
import type { ChatMessage, LeftOutDevice, OutboxEntry } from './chat-message.ts';
import type { MessageRows } from './message-rows.ts';
import { unencrypted } from './outbox-content.ts';
import { createOutboxQueue, type QueueItem } from './outbox-queue.ts';
import { createStreamSuspects, type StreamEnd } from './stream-suspects.ts';

/** Milliseconds until a conversation that was held up is tried again, and the longest after many tries. */
const FIRST_RETRY = 5000;
const LAST_RETRY = 10 * 60_000;

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
	keep(message: ChatMessage, isNew: boolean, more: readonly ChatWrite[]): Promise<void>;
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
		message?: { message: ChatMessage; isNew: boolean },
		more?: { readonly writes: readonly ChatWrite[]; readonly entries: readonly OutboxEntry[] },
	): Promise<void>;
	/** Sends what waits. `isNew`: the server knows nothing of what was under way. */
	flush(isNew?: boolean): Promise<void>;
	/** Tries a conversation that waits now. */
	retry(peer: string): Promise<void>;
	/**
	 * Takes back what concerns a message and has certainly not left. `keep` gets the entries, newest first, and must do
	 * `writes` with its own. Resolves with whether there was anything; `keep` is not called otherwise. To be called in the
	 * messenger's turn.
	 */
	takeBack(
		message: ChatMessage,
		keep: (entries: readonly OutboxEntry[], writes: readonly ChatWrite[]) => Promise<void>,
	): Promise<boolean>;
	/** Whether something that concerns a message is still to be sent, or to be acknowledged. */
	holds(message: ChatMessage): boolean;
	/** The server has what was sent with this id. */
	acknowledged(id: string): Promise<void>;
	/** The stream is over; what was under way may be why. */
	ended(by: StreamEnd): Promise<void>;
	close(): void;
}

/** How one conversation gets on. */
interface Lane {
	running?: Promise<void> | undefined;
	again: boolean;
	failures: number;
	timer?: ReturnType<typeof setTimeout> | undefined;
}

/** Its author took it back while it was being encrypted. */
class TakenBack extends Error {}
/** No server takes a stanza of this size. */
class TooLong extends Error {}

export function createOutbox({
	rows,
	omemo,
	serial,
	owner,
}: {
	rows: MessageRows;
	omemo: Omemo;
	/** what is read and written back is read and written by nobody else in between */
	serial: Mutex;
	owner: OutboxOwner;
}): Outbox {
	const queue = createOutboxQueue();
	const suspects = createStreamSuspects();
	/** handed to the connection and not yet acknowledged */
	const underway = new Set<string>();
	/** acknowledged, but that could not be written down yet */
	const accepted = new Set<string>();
	const lanes = new Map<string, Lane>();
	let loading: Promise<void> | undefined;
	let isClosed = false;

	function load(): Promise<void> {
		loading ??= rows.outbox().then((entries) => {
			for (const entry of entries) {
				queue.add(entry);
				if (entry.breaks !== undefined) suspects.remember(entry.id, entry.breaks);
			}
		});
		// A disk that fails now may be read later.
		loading.catch(() => {
			loading = undefined;
		});
		return loading;
	}

	function laneOf(peer: string): Lane {
		const lane = lanes.get(peer) ?? { again: false, failures: 0 };
		lanes.set(peer, lane);
		return lane;
	}

	/** An entry is done with, and its message, if it has one, is what `change` says. To be called in the messenger's turn. */
	async function end(item: QueueItem, change: Partial<ChatMessage>): Promise<void> {
		const entry = await rows.outboxEntry(item.key);
		const message = item.messageKey === undefined ? undefined : await rows.message(item.messageKey);
		const removal = rows.removeOutbox(item.key);
		const isLast =
			message === undefined || queue.ofMessage(item.peer, message.key).every((one) => one === item);
		if (entry?.content.kind === 'reactions' && change.state === 'failed' && message !== undefined) {
			// Nobody has seen it: it must not look as if they had.
			const own = entry.before?.reactions?.own ?? [];
			await owner.keep(withReactions(message, 'own', own), false, [removal]);
		} else if (message?.state === 'waiting' && (isLast || change.state === 'failed')) {
			const { waitsFor: _, leftOut: __, ...rest } = message;
			const leftOut = entry?.leftOut === undefined ? {} : { leftOut: entry.leftOut };
			await owner.keep({ ...rest, ...leftOut, ...change }, false, [removal]);
		} else await rows.write([removal]);
		queue.remove(item);
		suspects.clear(item.id);
	}

	/** Keeps a stanza before anybody sees it. Throws TooLong or TakenBack; nothing has changed then. */
	async function keepStanza(
		item: QueueItem,
		entry: OutboxEntry,
		stanza: OutgoingMessage,
		writes: readonly ChatWrite[],
		leftOut: readonly LeftOutDevice[] = [],
	): Promise<void> {
		if (owner.sizeOf(stanza) > owner.stanzaLimit) throw new TooLong();
		const kept = { ...entry, stanza, ...(leftOut.length === 0 ? {} : { leftOut }) };
		const row = await rows.putOutbox(kept);
		if (item.isTaken) throw new TakenBack();
		item.hasLeft = true;
		try {
			await rows.write([...writes, row]);
		} catch (thrown) {
			item.hasLeft = false;
			throw thrown;
		}
	}

	/** The stanza of an entry; made once, and kept together with the sessions. */
	async function stanzaOf(item: QueueItem, entry: OutboxEntry): Promise<OutgoingMessage> {
		if (entry.stanza !== undefined) return entry.stanza as OutgoingMessage;
		const { text, bare } = unencrypted(entry);
		let stanza: OutgoingMessage | undefined;
		if (text === undefined || !entry.isEncrypted) {
			stanza = { ...bare, ...(text === undefined ? {} : { body: text }) };
			await keepStanza(item, entry, stanza, []);
		} else
			await omemo.encrypt(entry.peer, text, async (encrypted: OmemoElement, writes, leftOut) => {
				const sealed = { ...bare, encrypted };
				await keepStanza(item, entry, sealed, writes, leftOut);
				stanza = sealed;
			});
		if (stanza === undefined) throw new TypeError('nothing was encrypted');
		return stanza;
	}

	/** Whether another stanza may go out now; the next acknowledgement goes on otherwise. */
	const hasTurn = () => owner.isReady && !(suspects.isCareful && underway.size > 0);

	/** Sends one entry. Resolves with why its conversation has to wait, if it has to. */
	async function sendOne(item: QueueItem): Promise<string | undefined> {
		try {
			const entry = await rows.outboxEntry(item.key);
			if (entry === undefined) queue.remove(item);
			else {
				const stanza = await stanzaOf(item, entry);
				if (!hasTurn() || underway.has(item.id) || queue.byId(item.id) !== item) return undefined;
				owner.send(stanza);
				underway.add(item.id);
			}
			return undefined;
		} catch (thrown) {
			const { waitsFor, problem } = judge(thrown);
			if (problem !== undefined) await serial(() => end(item, { state: 'failed', problem }));
			if (problem === 'internal') owner.report(thrown);
			return waitsFor;
		}
	}

	/** What a failure means for a message; nothing where there is just no connection. */
	function judge(thrown: unknown): { waitsFor?: string; problem?: string } {
		if (thrown instanceof TakenBack) return {};
		if (thrown instanceof TooLong) return { problem: 'too-long' };
		if (isStorageError(thrown)) return { waitsFor: 'storage-full' };
		if (!owner.isReady) return {};
		if (thrown instanceof OmemoError && thrown.code !== 'unavailable')
			return { problem: thrown.code };
		const cause = thrown instanceof OmemoError ? thrown.cause : thrown;
		if (cause instanceof XmppError) {
			const reason = cause.condition ?? cause.code;
			const mayPass = cause.code === 'offline' || isPassing(cause) || cause !== thrown;
			return mayPass ? { waitsFor: reason } : { problem: reason };
		}
		return thrown instanceof OmemoError ? { waitsFor: thrown.code } : { problem: 'internal' };
	}

	/** Says below a message why it waits. */
	async function showWaiting({ messageKey }: QueueItem, waitsFor: string): Promise<void> {
		await serial(async () => {
			const message = messageKey === undefined ? undefined : await rows.message(messageKey);
			if (message?.state === 'waiting' && message.waitsFor !== waitsFor)
				await owner.keep({ ...message, waitsFor }, false, []);
		});
	}

	async function run(peer: string, lane: Lane): Promise<void> {
		clearTimeout(lane.timer);
		lane.timer = undefined;
		while (lane.again) {
			lane.again = false;
			for (const item of queue.of(peer)) {
				if (isClosed || !hasTurn()) return;
				if (underway.has(item.id) || accepted.has(item.id) || item.isTaken) continue;
				const waitsFor = await sendOne(item);
				if (waitsFor === undefined) lane.failures = 0;
				else {
					lane.failures += 1;
					const time = backoff(lane.failures, FIRST_RETRY, LAST_RETRY);
					if (!isClosed) lane.timer = setTimeout(() => void start(peer), time);
					// On a full disk nothing can be shown for good either.
					await showWaiting(item, waitsFor).catch(() => undefined);
					return;
				}
			}
		}
	}

	function start(peer: string): Promise<void> {
		const lane = laneOf(peer);
		lane.again = true;
		lane.running ??= run(peer, lane)
			.catch(owner.report)
			.finally(() => {
				lane.running = undefined;
				// Somebody came after the last look.
				if (lane.again && lane.timer === undefined && hasTurn() && !isClosed) void start(peer);
			});
		return lane.running;
	}

	async function flush(isNew = false): Promise<void> {
		if (isNew) underway.clear();
		await load();
		await Promise.all(queue.peers().map(start));
	}

	async function acknowledged(id: string): Promise<void> {
		underway.delete(id);
		const wasCareful = suspects.isCareful;
		try {
			await load();
			await serial(async () => {
				const item = queue.byId(id);
				if (item !== undefined) await end(item, { state: 'sent' });
			});
			accepted.delete(id);
		} catch (thrown) {
			if (!isStorageError(thrown)) throw thrown;
			accepted.add(id);
			if (!isClosed) setTimeout(() => void acknowledged(id).catch(owner.report), FIRST_RETRY);
		}
		if (wasCareful) await flush();
	}

	return {
		async add(entry, change, more = { writes: [], entries: [] }) {
			const entries = [entry, ...more.entries];
			const writes = [...more.writes, ...(await Promise.all(entries.map(rows.putOutbox)))];
			await load();
			if (change === undefined) await rows.write(writes);
			else {
				const { message, isNew } = change;
				// Receipts of a correction are for what it corrects.
				const isOther = message.id !== entry.id;
				const content = { time: message.time, isArchived: false };
				const names = isOther ? await rows.names.putOther(message, { id: entry.id }, content) : [];
				await owner.keep(message, isNew, [...writes, ...names]);
			}
			for (const one of entries) queue.add(one);
			void start(entry.peer);
		},
		flush,
		async retry(peer) {
			await load();
			laneOf(peer).failures = 0;
			await start(peer);
		},
		async takeBack({ peer, key }, keep) {
			await load();
			const entries: OutboxEntry[] = [];
			for (const item of queue.ofMessage(peer, key).toReversed()) {
				const entry = await rows.outboxEntry(item.key);
				if (item.hasLeft || underway.has(item.id) || entry === undefined) break;
				item.isTaken = true;
				queue.remove(item);
				entries.push(entry);
			}
			if (entries.length === 0) return false;
			try {
				await keep(
					entries,
					entries.map((entry) => rows.removeOutbox(entry.key)),
				);
			} catch (thrown) {
				for (const entry of entries) queue.add(entry);
				throw thrown;
			}
			void start(peer);
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
			for (const id of ids.filter((one) => one !== guilty)) {
				const item = queue.byId(id);
				const entry = item && (await rows.outboxEntry(item.key));
				if (entry) await rows.write([await rows.putOutbox({ ...entry, breaks: 1 })]);
			}
		},
		close() {
			isClosed = true;
			for (const { timer } of lanes.values()) clearTimeout(timer);
		},
	};
}
