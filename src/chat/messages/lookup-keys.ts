import type { IncomingMessage } from '../../xmpp/message.ts';
import { conversationSender } from './conversation-sender.ts';
import { allNames, givenNames } from './message-names.ts';
import { digestOf } from './repetition.ts';
import type { Stores } from './stores.ts';

/** The keys of the rows that are looked up for each of these messages, to be read at once. */
export function lookupKeys(stores: Stores, messages: readonly IncomingMessage[]): string[] {
	return messages.flatMap((message) => {
		const names = givenNames(message);
		const { archiveId } = message;
		return [
			...(archiveId === undefined ? [] : [stores.archive.archivedKey(archiveId)]),
			...stores.messages.lookupKeys(
				conversationSender(message),
				names === undefined ? [] : allNames(names),
				digestOf(message.encrypted),
			),
		];
	});
}
