import { createMemo, createResource, createSignal } from 'solid-js';
import type { FilesArea } from '../../chat/account/messenger-areas.ts';
import type { MediaItem } from '../../chat/files/media-item.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { Message } from '../../chat/model/message.ts';

/** The item that a message's file was opened as, and how to open it. */
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

/** Follows the item of a message's file. */
export function createMessageItem(props: {
	readonly message: Message;
	readonly files: FilesArea;
	readonly library: MediaLibrary;
	/** never by itself */
	readonly isAsked?: boolean;
}): MessageItem {
	const { files } = props;
	const any = (id: string | undefined) =>
		props.library.state.items.find((candidate) => candidate.id === id);
	const find = (id: string | undefined) => {
		const found = any(id);
		return found?.isLeaving === true ? undefined : found;
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
		({ message, asked }) => {
			if (asked > 0) return files.open(message);
			return props.isAsked ? files.findOpened(message) : files.find(message);
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
			if (leaving?.isLeaving === true) props.library.removing.undo(leaving.id);
			else setAsked((count) => count + 1);
		},
	};
}
