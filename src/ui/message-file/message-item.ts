import { createMemo, createResource, createSignal } from 'solid-js';
import type { Messenger } from '../../chat/account/messenger.ts';
import { isMetered, loadLimitOf } from '../../chat/files/auto-load.ts';
import type { MediaItem } from '../../chat/files/media-item.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { fileOf, linkOf } from '../../chat/model/attachment.ts';
import type { ChatMessage } from '../../chat/model/chat-message.ts';
import { guessKind } from '../../chat/model/media-kind.ts';

/** What a message's file was opened as, and what opens it. */
export interface MessageItem {
	readonly item: () => MediaItem | undefined;
	/** whether there is one is being found out */
	readonly isLooking: () => boolean;
	/** It was here, and was removed from this device. */
	readonly isRemoved: () => boolean;
	readonly load: () => void;
	/** somebody asked for it here */
	readonly isPressed: () => boolean;
}

/** Opens a message's file by itself where that gives nothing away and was allowed, else when asked. */
export function createMessageItem(props: {
	readonly message: ChatMessage;
	readonly messenger: Messenger;
	readonly library: MediaLibrary;
	/** never by itself */
	readonly isAsked?: boolean;
}): MessageItem {
	const media = props.messenger.files;
	const any = (id: string | undefined) =>
		props.library.state.items.find((candidate) => candidate.id === id);
	const find = (id: string | undefined) => {
		const found = any(id);
		return found?.isLeaving === true ? undefined : found;
	};
	const account = () => props.messenger.state.account;
	const adopt = (id: string) =>
		props.library.adopt(id, account(), props.messenger.files.localFile(props.message));
	const open = async (most?: number) => {
		const { message } = props;
		const now = await props.messenger.messages.current(message);
		// It may have been taken back since it was read.
		if (now?.isRetracted === true) return undefined;
		const known = await media.idOf(message);
		if (known !== undefined) await adopt(known);
		const opened = media.opened(
			message,
			() => props.library.open(linkOf(message) ?? '', account(), most),
			(id) => any(id) !== undefined,
		);
		// What cannot be kept here is not, and can be asked for again.
		return opened.catch(() => undefined);
	};
	/** how often somebody asked for it, also before it was known what is here */
	const [asked, setAsked] = createSignal(0);
	const [id] = createResource(
		() => {
			const { message } = props;
			// Where it lies changes with another try.
			const place = message.share?.mediaId;
			return props.library.state.loaded && { message, place, asked: asked() };
		},
		async ({ message, asked }) => {
			if (asked > 0) return open();
			const known = await media.idOf(message);
			if (known !== undefined) await adopt(known);
			const file = fileOf(message, props.messenger.state);
			// What was removed from this device does not come back by itself.
			if (known !== undefined || props.isAsked || file?.loadsByItself !== true) return known;
			// Ours are here, or were; of what others send no more than somebody allowed.
			if (message.isOwn) return open(Number.MAX_SAFE_INTEGER);
			const { peer } = message;
			const conversation = props.messenger.state.conversations.find((one) => one.peer === peer);
			const limit = loadLimitOf(file, guessKind(file.name), {
				settings: props.library.state.settings,
				rule: conversation?.loads ?? 'as-everywhere',
				isMetered: isMetered(),
			});
			return limit > 0 ? open(limit) : undefined;
		},
	);
	// Each file that comes changes the list; who shows another one has nothing to do with that.
	const item = createMemo(() => find(id.latest));
	return {
		item,
		isLooking: () => id.loading,
		isRemoved: () =>
			props.message.share === undefined &&
			!id.loading &&
			id.latest !== undefined &&
			find(id.latest) === undefined,
		isPressed: () => asked() > 0,
		load() {
			// It was removed a moment ago, and is still here.
			const leaving = any(id.latest);
			if (leaving?.isLeaving === true) props.library.undoRemoval(leaving.id);
			else setAsked((count) => count + 1);
		},
	};
}
