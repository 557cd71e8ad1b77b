import type { MessageRows } from '../messages/message-store.ts';
import type { MessageMedia } from './opened-media.ts';

/** Messages that are looked through at once. */
const SLICE = 250;

/** Removes all that the messages of a conversation were opened as: with the messages, nothing would lead to it any more. */
export async function removeFiles(
	peer: string,
	{ rows, media }: { rows: Pick<MessageRows, 'page'>; media: Pick<MessageMedia, 'remove'> },
	removeItem: (id: string) => Promise<void>,
): Promise<void> {
	for (let after = ''; ; ) {
		const slice = await rows.page(peer, { after, limit: SLICE });
		for (const message of slice) await media.remove(message, removeItem);
		const last = slice.at(-1);
		if (last === undefined) return;
		after = last.key;
	}
}
