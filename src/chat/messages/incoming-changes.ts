import type { ChatWrite } from '../../vault/chat-rows.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import { withoutContent, withReactions } from '../model/changed-message.ts';
import type { MessageFields } from '../model/message.ts';
import { conversationSender, senderOf } from './conversation-sender.ts';
import type { IncomingWrites } from './incoming-writes.ts';
import type { Stores } from './stores.ts';

/** Changes of earlier messages: reactions, retractions. */
export interface IncomingChanges {
	/** What somebody feels about a message of theirs or ours. */
	react(
		message: IncomingMessage,
		reactions: NonNullable<IncomingMessage['reactions']> & { readonly sealed?: readonly string[] },
		writes?: readonly ChatWrite[],
	): Promise<void>;
	/** Takes a message back for its sender; nobody else's. */
	retract(message: IncomingMessage, id: string): Promise<void>;
	/** Writes that take a message back; one that is not here may be paged in from the archive later. */
	retraction(message: IncomingMessage, target: MessageFields | undefined): Promise<ChatWrite[]>;
}

export function createIncomingChanges(
	stores: Stores,
	{ write, keep, archived }: IncomingWrites,
): IncomingChanges {
	/** What somebody feels about a message of theirs or ours. */
	async function react(
		message: IncomingMessage,
		{
			id,
			emojis,
			sealed: said,
		}: NonNullable<IncomingMessage['reactions']> & { readonly sealed?: readonly string[] },
		writes: readonly ChatWrite[] = [],
	): Promise<void> {
		const more = [...writes, ...(await archived(message))];
		const target = await stores.messages.namedByEither(message.peer, id);
		if (target === undefined || target.isRetracted === true) await write(more);
		else await keep(withReactions(target, senderOf(message), emojis, said), more, false);
	}

	/** Writes that take a message back; one that is not here may be paged in from the archive later. */
	async function retraction(
		message: IncomingMessage,
		target: MessageFields | undefined,
	): Promise<ChatWrite[]> {
		return target === undefined
			? [
					await stores.archive.putEarlyChange(conversationSender(message), message.retracts ?? '', {
						isRetracted: true,
					}),
				]
			: stores.messages.put(withoutContent(target));
	}

	/** Takes a message back for its sender; nobody else's. */
	async function retract(message: IncomingMessage, id: string): Promise<void> {
		const target = await stores.messages.named(conversationSender(message), id);
		const more = [...(await archived(message)), ...(await retraction(message, target))];
		if (target === undefined) await write(more);
		else await keep(withoutContent(target), more, false);
	}

	return { react, retract, retraction };
}
