import type { Mutex } from '../../core/mutex.ts';
import type { OmemoElement } from '../../core/omemo-element.ts';
import { withQuote } from '../../core/quote.ts';
import type { Omemo } from '../../omemo/omemo.ts';
import { OmemoError } from '../../omemo/omemo-error.ts';
import type { ChatWrite } from '../../vault/chat-rows.ts';
import type { OutgoingMessage } from '../../xmpp/message.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import type { ChatMessage, OutboxEntry } from './chat-message.ts';
import type { MessageRows } from './message-rows.ts';

/** Milliseconds until what a slow answer held up is tried again. */
const RETRY_TIME = 5000;

/** What the outbox needs of its surroundings. */
export interface OutboxOwner {
	/** there is a connection, and nothing older is to go first */
	readonly isReady: boolean;
	/** Hands a stanza to the connection. Throws XmppError `offline`. */
	send(stanza: OutgoingMessage): void;
	/** Keeps and shows a message, together with other writes. */
	keep(message: ChatMessage, isNew: boolean, more: readonly ChatWrite[]): Promise<void>;
}

/** Messages on their way to the server: in order, each of them once, whatever breaks in between. */
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
	/** The server has what was sent with this id. */
	acknowledged(id: string): Promise<void>;
	close(): void;
}

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
	/** handed to the connection and not yet acknowledged */
	const underway = new Set<string>();
	/** where the entry of an id is kept */
	let places: Map<string, string> | undefined;
	let flushing: Promise<void> | undefined;
	let again = false;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let isClosed = false;

	async function placeOf(id: string): Promise<string | undefined> {
		places ??= new Map((await rows.outbox()).map((entry) => [entry.id, entry.key]));
		return places.get(id);
	}

	/** An entry is done with, and its message, if it has one, is `state`. */
	async function end(entry: OutboxEntry, change: Partial<ChatMessage>): Promise<void> {
		const { messageKey } = entry;
		const message = messageKey === undefined ? undefined : await rows.message(messageKey);
		const removal = rows.removeOutbox(entry.key);
		if (message?.state === 'waiting') await owner.keep({ ...message, ...change }, false, [removal]);
		else await rows.write([removal]);
		places?.delete(entry.id);
	}

	/** The stanza of an entry; made once, and kept together with the sessions before anybody sees it. */
	async function stanzaOf(entry: OutboxEntry): Promise<OutgoingMessage> {
		if (entry.stanza !== undefined) return entry.stanza as OutgoingMessage;
		const { text, bare } = unencrypted(entry);
		let stanza: OutgoingMessage | undefined;
		if (text === undefined || !entry.isEncrypted) {
			stanza = { ...bare, ...(text === undefined ? {} : { body: text }) };
			await rows.write([await rows.putOutbox({ ...entry, stanza })]);
		} else
			await omemo.encrypt(entry.peer, text, async (encrypted: OmemoElement, writes) => {
				stanza = { ...bare, encrypted };
				await rows.write([...writes, await rows.putOutbox({ ...entry, stanza })]);
			});
		if (stanza === undefined) throw new TypeError('nothing was encrypted');
		return stanza;
	}

	/** Resolves with whether something is left that the connection itself will not wake. */
	async function flushOnce(): Promise<boolean> {
		if (!owner.isReady) return false;
		for (const { id, key } of await rows.outbox()) {
			if (underway.has(id)) continue;
			// It may have been acknowledged since the list was read.
			const entry = await rows.outboxEntry(key);
			if (entry === undefined) continue;
			try {
				const stanza = await stanzaOf(entry);
				owner.send(stanza);
				underway.add(entry.id);
			} catch (thrown) {
				if (thrown instanceof OmemoError && thrown.code !== 'unavailable')
					await serial(() => end(entry, { state: 'failed', problem: thrown.code }));
				// No connection, or one that is too slow: what waits goes on waiting, in its order.
				else if (thrown instanceof XmppError || thrown instanceof OmemoError) return owner.isReady;
				else throw thrown;
			}
		}
		return false;
	}

	async function flushAll(): Promise<void> {
		clearTimeout(timer);
		let isHeldUp = false;
		try {
			while (again) {
				again = false;
				isHeldUp = await flushOnce();
			}
			if (isHeldUp && !isClosed)
				timer = setTimeout(() => void flush().catch(() => undefined), RETRY_TIME);
		} finally {
			// Here, and not once this has resolved: who comes in between would be forgotten.
			flushing = undefined;
		}
	}

	async function flush(isNew = false): Promise<void> {
		if (isNew) underway.clear();
		again = true;
		flushing ??= flushAll();
		return flushing;
	}

	return {
		async add(entry, change, more = { writes: [], entries: [] }) {
			const entries = [entry, ...more.entries];
			const writes = [...more.writes, ...(await Promise.all(entries.map(rows.putOutbox)))];
			if (change === undefined) await rows.write(writes);
			else {
				const { message, isNew } = change;
				// Receipts of a correction are for what it corrects.
				const isOther = message.id !== entry.id;
				const name = isOther ? [await rows.putName(message, entry.id)] : [];
				await owner.keep(message, isNew, [...writes, ...name]);
			}
			for (const { id, key } of entries) places?.set(id, key);
			void flush().catch(() => undefined);
		},
		flush,
		acknowledged: (id) =>
			serial(async () => {
				const key = await placeOf(id);
				const entry = key === undefined ? undefined : await rows.outboxEntry(key);
				if (entry !== undefined) await end(entry, { state: 'sent' });
				underway.delete(id);
			}),
		close() {
			isClosed = true;
			clearTimeout(timer);
		},
	};
}

/** What an entry says: the text that may have to be encrypted, and all the rest. */
function unencrypted({ id, peer: to, content }: OutboxEntry): {
	text?: string;
	bare: OutgoingMessage;
} {
	const common = { id, to, store: true };
	if (content.kind === 'reactions')
		return { bare: { ...common, reactions: { id: content.to, emojis: content.emojis } } };
	if (content.kind === 'retraction') return { bare: { ...common, retracts: content.of } };
	const { replyTo, replaces } = content;
	const quote = replyTo?.quoted === undefined ? undefined : withQuote(replyTo.quoted, content.text);
	return {
		text: quote?.text ?? content.text,
		bare: {
			...common,
			wantsReceipt: true,
			isMarkable: true,
			...(replaces === undefined ? {} : { replaces }),
			...(replyTo === undefined ? {} : { replyTo: { id: replyTo.id, author: replyTo.author } }),
			...(quote === undefined ? {} : { replyFallback: quote.length }),
		},
	};
}
