import { fingerprint } from '../../core/crypto/fingerprint.ts';
import type { OmemoElement } from '../../core/omemo-element.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import type { Message } from '../model/message.ts';
import { conversationSender } from './conversation-sender.ts';
import { allNames, givenNames, type NameEntry } from './message-names.ts';
import type { Stores } from './stores.ts';

/**
 * Milliseconds between two copies of one message that came without our archive's id or with different ones: longer, and
 * they are two messages that say the same.
 */
const COPY_TIME = 10 * 60 * 1000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Finds the message that a stanza repeats, if it repeats one. Ids alone say nothing: some clients count theirs from 1 after
 * each start. undefined for what is new.
 */
export interface Repetitions {
	/** By what can be seen without decrypting it; nothing that is found here is decrypted again. */
	sealed(message: IncomingMessage): Promise<Message | undefined>;
	/** By its text, once that is known. */
	byText(message: IncomingMessage, text: string): Promise<Message | undefined>;
	/** By its encrypted content, whatever its name. */
	byContent(message: IncomingMessage): Promise<Message | undefined>;
	/** The message that was kept before contents were remembered, and has one of these names. */
	old(message: IncomingMessage): Promise<Message | undefined>;
}

export function createRepetitions(stores: Stores): Repetitions {
	async function find(
		message: IncomingMessage,
		isSame: (entry: NameEntry, id: string) => boolean,
	): Promise<Message | undefined> {
		const names = givenNames(message);
		for (const id of names === undefined ? [] : allNames(names)) {
			const entries = await stores.messages.names.entries(conversationSender(message), id);
			const entry = entries.findLast((candidate) => isSame(candidate, id));
			const kept = entry === undefined ? undefined : await stores.messages.get(entry.key);
			if (kept !== undefined) return kept;
		}
		return undefined;
	}

	const old = (message: IncomingMessage) => find(message, ({ isOld }) => isOld === true);

	async function byContent(message: IncomingMessage): Promise<Message | undefined> {
		const digest = digestOf(message.encrypted);
		const key =
			digest === undefined
				? undefined
				: await stores.messages.encryptedAs(conversationSender(message), digest);
		return key === undefined ? undefined : stores.messages.get(key);
	}

	return {
		async sealed(message) {
			// An id that this device gave is random: what has it is that message, whatever became of it on the way.
			if (message.isOwn && isRandom(message)) return find(message, () => true);
			const kept = await byContent(message);
			if (kept === undefined || givenNames(message) === undefined) return kept;
			return find(message, ({ key }) => key === kept.key);
		},
		byContent,
		async byText(message, text) {
			const print = fingerprint(text);
			const { originId, archiveId, time } = message;
			const same = await find(message, (entry, id) => {
				if (entry.isOld === true || entry.text !== print) return false;
				if (entry.isOrigin && id === originId) return true;
				const isCopy = !entry.isArchived || archiveId === undefined;
				return isCopy || Math.abs(entry.time - time) < COPY_TIME;
			});
			if (same !== undefined) return same;
			const before = await old(message);
			return before?.text === text ? before : undefined;
		},
		old,
	};
}

/** Tells encrypted contents apart; undefined for what has none. */
export function digestOf(encrypted: OmemoElement | undefined): string | undefined {
	if (encrypted?.payload === undefined) return undefined;
	return fingerprint(encrypted.iv, encrypted.payload);
}

/** Whether its sender gave it a UUID (RFC 9562), as this device does; another client of ours may count its ids from 1. */
function isRandom(message: IncomingMessage): boolean {
	const names = givenNames(message);
	return names !== undefined && allNames(names).some((name) => UUID.test(name));
}
