import type { ChatWrite } from '../../vault/chat-rows.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import type { MessageFields } from '../model/message.ts';
import { conversationSender } from './conversation-sender.ts';
import type { IncomingEffects } from './incoming-effects.ts';
import { fieldsOf } from './interpret.ts';
import { allNames, givenNames } from './message-names.ts';
import { digestOf } from './repetition.ts';
import type { Stores } from './stores.ts';

/** What is written down of a message that came, whatever it says. */
export interface IncomingWrites {
	/** What a power cut undoes of it is fetched again: the position in the archive goes back with it. */
	write(changes: readonly ChatWrite[]): Promise<void>;
	/** Keeps and shows a message, new if not said otherwise. */
	keep(message: MessageFields, more: readonly ChatWrite[], isNew?: boolean): Promise<void>;
	/** What is to be remembered of where it was found. */
	archived(message: IncomingMessage): Promise<ChatWrite[]>;
	/** A message as its stanza says, without its text, in a place of its own. */
	fields(message: IncomingMessage): Promise<MessageFields>;
	/** A stanza with this encrypted content has become the message with that key, or a part of it. */
	sealed(message: IncomingMessage, key: string): Promise<ChatWrite[]>;
	/** What came once more only adds how our archive calls it. */
	repeat(
		message: IncomingMessage,
		known: MessageFields,
		writes?: readonly ChatWrite[],
	): Promise<void>;
}

export function createIncomingWrites(stores: Stores, effects: IncomingEffects): IncomingWrites {
	const write = (changes: readonly ChatWrite[]) => stores.write(changes, 'relaxed');

	async function archived({ archiveId }: IncomingMessage): Promise<ChatWrite[]> {
		return archiveId === undefined ? [] : [await stores.archive.putArchived(archiveId)];
	}

	return {
		write,
		archived,
		async keep(message, more, isNew = true) {
			await effects.keep(message, isNew, more);
			// Who writes on another device has read there what came before.
			if (isNew && message.isOwn) await effects.readElsewhere(message.peer);
		},
		fields: async (message) =>
			fieldsOf(message, await stores.messages.keyFor(message.peer, message.time)),
		async sealed(message, key) {
			const digest = digestOf(message.encrypted);
			return digest === undefined
				? []
				: [await stores.messages.putEncryptedAs(conversationSender(message), digest, key)];
		},
		async repeat(message, known, writes = []) {
			const more = [...writes, ...(await archived(message))];
			const { archiveId, isOwn } = message;
			const names = givenNames(message);
			// A reaction or a correction is a part of another message, which has a place of its own in the archive.
			const isItself =
				names === undefined || allNames(names).some((id) => allNames(known).includes(id));
			const isNamed = archiveId === undefined || known.archiveId !== undefined || !isItself;
			await write(
				isNamed ? more : [...(await stores.messages.put({ ...known, archiveId })), ...more],
			);
			if (!isOwn) return;
			for (const id of allNames(names ?? known)) await effects.confirmed(id);
		},
	};
}
