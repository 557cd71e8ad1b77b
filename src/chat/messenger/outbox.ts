import type { Mutex } from '../../core/mutex.ts';
import type { OmemoElement } from '../../core/omemo-element.ts';
import type { Omemo } from '../../omemo/omemo.ts';
import { OmemoError } from '../../omemo/omemo-error.ts';
import type { ChatWrite } from '../../vault/chat-rows.ts';
import type { OutgoingMessage } from '../../xmpp/message.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import type { ChatMessage, OutboxEntry } from './chat-message.ts';
import type { MessageRows } from './message-rows.ts';

/** What the outbox needs of its surroundings. */
export interface OutboxOwner {
	/** there is a connection, and nothing older is to go first */
	readonly isReady: boolean;
	/** Hands a stanza to the connection. Throws XmppError `offline`. */
	send(stanza: OutgoingMessage): void;
	isPlaintext(peer: string): boolean;
	shown(message: ChatMessage, isNew: boolean): Promise<ChatWrite[]>;
}

/** Messages on their way to the server: in order, each of them once, whatever breaks in between. */
export interface Outbox {
	/** Keeps a message and sends it as soon as it can. */
	add(peer: string, text: string, now: number): Promise<void>;
	/** Sends what waits. `isNew`: the server knows nothing of what was under way. */
	flush(isNew?: boolean): Promise<void>;
	/** The server has it; `key` is where the message is kept, if that is known. */
	acknowledged(id: string, key?: string): Promise<void>;
	/** Tries a failed message again. */
	retry(message: ChatMessage): Promise<void>;
	/** Gives up what waits. */
	remove(message: ChatMessage): Promise<void>;
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
	/** handed to the connection and not yet acknowledged: ids, and where their messages are kept */
	const underway = new Map<string, string>();
	let flushing: Promise<void> | undefined;
	let again = false;

	async function change(message: ChatMessage, more: readonly ChatWrite[]): Promise<void> {
		const shown = await owner.shown(message, false);
		await rows.write([...(await rows.put(message)), ...shown, ...more]);
	}

	async function fail(entry: OutboxEntry, problem: string): Promise<void> {
		const message = await rows.message(entry.messageKey);
		const removal = rows.removeOutbox(entry.messageKey);
		if (message === undefined) await rows.write([removal]);
		else await change({ ...message, state: 'failed', problem }, [removal]);
	}

	/** The stanza of an entry; made once, and kept together with the sessions before anybody sees it. */
	async function stanzaOf(entry: OutboxEntry): Promise<OutgoingMessage> {
		if (entry.stanza !== undefined) return entry.stanza as OutgoingMessage;
		const { id, peer: to, text } = entry;
		const common = { id, to, wantsReceipt: true, isMarkable: true, store: true };
		let stanza: OutgoingMessage | undefined;
		if (owner.isPlaintext(to)) {
			stanza = { ...common, body: text };
			await rows.write([await rows.putOutbox({ ...entry, stanza })]);
		} else
			await omemo.encrypt(to, text, async (encrypted: OmemoElement, writes) => {
				stanza = { ...common, encrypted };
				await rows.write([...writes, await rows.putOutbox({ ...entry, stanza })]);
			});
		if (stanza === undefined) throw new TypeError('nothing was encrypted');
		return stanza;
	}

	async function flushOnce(): Promise<void> {
		if (!owner.isReady) return;
		for (const { entry } of await rows.outbox()) {
			if (underway.has(entry.id)) continue;
			try {
				const stanza = await stanzaOf(entry);
				owner.send(stanza);
				underway.set(entry.id, entry.messageKey);
			} catch (thrown) {
				if (thrown instanceof OmemoError && thrown.code !== 'unavailable')
					await serial(() => fail(entry, thrown.code));
				// No connection, or one that is too slow: what waits goes on waiting, in its order.
				else if (thrown instanceof XmppError || thrown instanceof OmemoError) return;
				else throw thrown;
			}
		}
	}

	async function flush(isNew = false): Promise<void> {
		if (isNew) underway.clear();
		again = true;
		flushing ??= (async () => {
			while (again) {
				again = false;
				await flushOnce();
			}
		})().finally(() => {
			flushing = undefined;
		});
		return flushing;
	}

	return {
		async add(peer, text, now) {
			const message: ChatMessage = {
				key: await rows.keyFor(peer, now),
				peer,
				isOwn: true,
				id: crypto.randomUUID(),
				time: now,
				text,
				isEncrypted: !owner.isPlaintext(peer),
				state: 'waiting',
			};
			const entry = { messageKey: message.key, peer, id: message.id, text };
			await serial(async () => {
				const shown = await owner.shown(message, true);
				await rows.write([...(await rows.put(message)), ...shown, await rows.putOutbox(entry)]);
			});
			void flush().catch(() => undefined);
		},
		flush,
		acknowledged: (id, key) =>
			serial(async () => {
				const messageKey = key ?? underway.get(id);
				underway.delete(id);
				const message = messageKey === undefined ? undefined : await rows.message(messageKey);
				if (messageKey === undefined) return;
				const removal = rows.removeOutbox(messageKey);
				if (message?.state === 'waiting') await change({ ...message, state: 'sent' }, [removal]);
				else await rows.write([removal]);
			}),
		async retry(message) {
			const { problem: _, ...rest } = message;
			const { key: messageKey, peer, id, text = '' } = message;
			const entry = await rows.putOutbox({ messageKey, peer, id, text });
			await serial(() => change({ ...rest, state: 'waiting' }, [entry]));
			void flush().catch(() => undefined);
		},
		async remove(message) {
			await rows.write([rows.removeOutbox(message.key)]);
		},
	};
}
