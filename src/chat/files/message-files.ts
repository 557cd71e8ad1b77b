import { parseAesgcmUri } from '../../core/links/aesgcm-uri.ts';
import type { Settings } from '../../vault/media-record.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Message } from '../model/message.ts';
import type { MessengerState } from '../model/messenger-state.ts';
import { isHostKnown, isMetered, loadLimitOf } from './auto-load.ts';
import type { MediaItem } from './media-item.ts';
import type { MediaLibrary } from './media-library.ts';
import type { MessageMedia } from './opened-media.ts';

/** Where the files of messages are shown. */
export interface ShownFiles extends Pick<MediaLibrary, 'open' | 'adopt' | 'remove'> {
	readonly state: {
		readonly items: readonly Pick<MediaItem, 'id'>[];
		readonly settings: Pick<Settings, 'loadLimit' | 'loadKinds' | 'loadMetered'>;
	};
}

/** Where there is no page, files are shown to nobody. */
export function unshownFiles(vault: Pick<Vault, 'media'>): ShownFiles {
	return {
		state: { items: [], settings: { loadLimit: 0, loadKinds: [], loadMetered: false } },
		open: async ({ uri }, owner) => (await vault.media.add(parseAesgcmUri(uri), owner)).id,
		adopt: async () => false,
		remove: vault.media.remove,
	};
}

/** The files of messages: what each was opened as, and which are downloaded automatically. */
export interface MessageFiles {
	/** The server that would learn that a message is read, where it is not known to be a friend's. */
	strangeHost(message: Message): string | undefined;
	/**
	 * The media id that a message's file was opened as, or is opened as now because it is downloaded automatically. undefined:
	 * somebody has to ask for it. Rejects if that cannot be read.
	 */
	find(message: Message): Promise<string | undefined>;
	/** The same, without opening anything. */
	findOpened(message: Message): Promise<string | undefined>;
	/** Opens a message's file, because somebody asks for it; undefined if it is gone, or there is no room. */
	open(message: Message): Promise<string | undefined>;
}

export function createMessageFiles({
	state,
	media,
	shown,
	current,
	localFile,
}: {
	state: MessengerState;
	media: Pick<MessageMedia, 'idOf' | 'opened'>;
	shown: ShownFiles;
	/** a message as it is kept now */
	current(message: Message): Promise<Message | undefined>;
	/** the file of ours that it is */
	localFile(message: Message): Blob | undefined;
}): MessageFiles {
	async function findOpened(message: Message): Promise<string | undefined> {
		const known = await media.idOf(message);
		if (known !== undefined) await shown.adopt(known, state.account, localFile(message));
		return known;
	}

	/** `limit`: bytes of the largest one that is downloaded without being asked for. */
	async function open(message: Message, limit?: number): Promise<string | undefined> {
		const now = await current(message);
		// It may have been taken back since it was read.
		if (now?.isRetracted === true) return undefined;
		const { attachment } = message;
		await findOpened(message);
		if (attachment === undefined || attachment.kind === 'upload') return media.idOf(message);
		const opened = media.opened(
			message,
			() => shown.open(attachment, state.account, limit),
			(id) => shown.state.items.some((item) => item.id === id),
		);
		// What cannot be kept here is not, and can be asked for again.
		return opened.catch(() => undefined);
	}

	/** Bytes of the largest file that is downloaded automatically. */
	function limitOf(message: Message): number {
		const { attachment, isOwn, peer } = message;
		if (attachment === undefined || !isHostKnown(message, state)) return 0;
		// Ours are here, or were; of what others send no more than somebody allowed.
		if (isOwn) return Number.MAX_SAFE_INTEGER;
		const conversation = state.conversations.find((one) => one.peer === peer);
		return loadLimitOf(attachment.media, {
			isHostKnown: true,
			settings: shown.state.settings,
			rule: conversation?.loads ?? 'as-everywhere',
			isMetered: isMetered(),
		});
	}

	return {
		strangeHost(message) {
			const { attachment } = message;
			if (attachment === undefined || attachment.kind === 'upload') return undefined;
			return isHostKnown(message, state) ? undefined : attachment.host;
		},
		async find(message) {
			const known = await findOpened(message);
			// What was removed from this device does not come back by itself.
			if (known !== undefined) return known;
			const limit = limitOf(message);
			return limit > 0 ? open(message, limit) : undefined;
		},
		findOpened,
		open,
	};
}
