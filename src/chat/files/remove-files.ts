import type { Stores } from '../messages/stores.ts';
import type { MessageMedia } from './opened-media.ts';

/** Messages that are looked through at once. */
const SLICE = 250;

/** Removes all that the messages of a conversation were opened as: with the messages, nothing would lead to it any more. */
export async function removeFiles(
	peer: string,
	{ stores, media }: { stores: Pick<Stores, 'messages'>; media: Pick<MessageMedia, 'remove'> },
	removeItem: (id: string) => Promise<void>,
): Promise<void> {
	for (let after = ''; ; ) {
		const slice = await stores.messages.page(peer, { after, limit: SLICE });
		for (const message of slice) await media.remove(message, removeItem);
		const last = slice.at(-1);
		if (last === undefined) return;
		after = last.key;
	}
}
