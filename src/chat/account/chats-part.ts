import { cutText } from '../../core/text/cut-text.ts';
import type { ArchiveRequests } from '../../xmpp/extensions/archive.ts';
import type { MessageMedia } from '../files/opened-media.ts';
import { removeFiles } from '../files/remove-files.ts';
import { type Conversations, createConversations } from '../messages/conversations.ts';
import { createHistory } from '../messages/history.ts';
import type { ReceiptQueue } from '../messages/receipt-queue.ts';
import type { AccountContext } from './account-context.ts';
import type { ChatsArea } from './messenger-areas.ts';
import type { PeoplePart } from './people-part.ts';

/** Characters of a draft that are kept; more than any server takes in one message. */
const MAX_DRAFT = 1_000_000;

/** The chats with what is kept and shown of them. */
export interface ChatsPart {
	readonly area: ChatsArea;
	readonly conversations: Conversations;
}

export function makeChatsPart(
	{ account, stores, serial, setState, report }: AccountContext,
	{
		archive,
		people,
		receipts,
		media,
		removeFile,
	}: {
		/** what is older than what is here */
		archive: Pick<ArchiveRequests, 'fetch'>;
		people: Pick<PeoplePart, 'chatAccepted' | 'forget' | 'isContact'>;
		receipts: Pick<ReceiptQueue, 'add'>;
		media: MessageMedia;
		/** Removes a file from this device, wherever it is shown. */
		removeFile(id: string): Promise<void>;
	},
): ChatsPart {
	const { isContact } = people;
	const conversations = createConversations({
		stores,
		serial,
		setState,
		history: createHistory(account, stores, archive, serial),
		isContact,
		displayed({ peer: to, id: displayedId, isMarkable }) {
			if (isMarkable === true && isContact(to))
				receipts.add({ id: crypto.randomUUID(), to, displayedId, store: true });
		},
		async contentGone(message) {
			await media.remove(message, removeFile).catch(report);
		},
		accepted: people.chatAccepted,
	});
	const { accept, change, open, setAtEnd, timeline } = conversations;

	return {
		area: {
			timeline,
			open,
			setAtEnd: (now) => void setAtEnd(now).catch(report),
			setDraft: (peer, draft) =>
				change(peer, (before) => ({ ...before, draft: cutText(draft, MAX_DRAFT) })),
			accept,
			async remove(peer) {
				people.forget(peer);
				await removeFiles(peer, { stores, media }, removeFile);
				await conversations.remove(peer);
			},
			setPlaintext: (peer, isPlaintext) => change(peer, (before) => ({ ...before, isPlaintext })),
			setLoading: (peer, loads) => change(peer, (before) => ({ ...before, loads })),
		},
		conversations,
	};
}
