import type { Mutex } from '../../core/async/mutex.ts';
import { ShareError } from '../../core/share-error.ts';
import type { Conversations } from '../messages/conversations.ts';
import type { Outbox } from '../messages/outbox.ts';
import { entryOf, newMessage } from '../messages/own-message.ts';
import type { Stores } from '../messages/stores.ts';
import { nameGivenBy } from '../model/file-naming.ts';
import type { Message } from '../model/message.ts';
import { shownText } from '../model/shown-text.ts';
import type { MessageMedia } from './opened-media.ts';

/** Messages that go on to somebody else. */
export interface Forwarding {
	/**
	 * Says what was said to somebody else, too; a file is not uploaded again. What was encrypted goes nowhere unencrypted:
	 * throws ShareError `not-encrypted`.
	 */
	forward(message: Message, peer: string): Promise<void>;
}

export function createForwarding({
	account,
	stores,
	media,
	outbox,
	conversations,
	serial,
	showThumbnail,
	send,
	now = Date.now,
}: {
	/** bare */
	account: string;
	stores: Stores;
	media: MessageMedia;
	outbox: Outbox;
	conversations: Pick<Conversations, 'find'>;
	/** what is read and written back is read and written by nobody else in between */
	serial: Mutex;
	/** everybody who will read it knows what a thumbnail is */
	showThumbnail(peer: string): Promise<boolean>;
	/** says a text */
	send(peer: string, text: string): Promise<void>;
	now?: () => number;
}): Forwarding {
	return {
		async forward(message, peer) {
			const { isEncrypted } = message;
			const isPlaintext = conversations.find(peer)?.isPlaintext === true;
			if (isPlaintext && isEncrypted) throw new ShareError('not-encrypted');
			const { attachment } = message;
			if (attachment?.kind !== 'file') return send(peer, shownText(message) ?? '');
			const { uri, thumbnail } = attachment;
			const hasThumbnail = thumbnail !== undefined && (await showThumbnail(peer));
			const body = uri + (hasThumbnail ? `\n${thumbnail}` : '');
			const mediaId = await media.idOf(message);
			const [next] = await stores.messages.page(message.peer, { after: message.key, limit: 1 });
			const name = nameGivenBy(message, next);
			await serial(async () => {
				const said = await newMessage({ stores, account }, peer, now(), { text: body });
				const writes = mediaId === undefined ? [] : [await media.put(said, mediaId)];
				await outbox.add(
					entryOf(said, body),
					{ message: said, isNew: true },
					{ writes, entries: [] },
				);
			});
			if (name !== undefined) await send(peer, name);
		},
	};
}
