import { createSignal } from 'solid-js';
import type { FilesArea } from '../../chat/account/messenger-areas.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { Message } from '../../chat/model/message.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { createMessageItem } from '../message-file/message-item.ts';
import { nameOf } from '../parts/name-of.ts';
import type { Gallery, Slide, Way } from './gallery.ts';
import { WORDS } from './words.ts';

/** Slides that are fetched at once. */
const PAGE = 20;

/** The pictures and videos of a conversation around one of them. */
export function createConversationGallery({
	message: start,
	state,
	files,
	library,
}: {
	readonly message: Message;
	readonly state: MessengerState;
	readonly files: FilesArea;
	readonly library: MediaLibrary;
}): Gallery {
	const slideOf = (message: Message): Slide => ({
		key: message.key,
		kind: message.attachment?.media ?? 'unknown',
		from: message.isOwn ? WORDS.you : nameOf(state, message.peer),
		time: message.time,
		open: () => createMessageItem({ message, files, library }),
	});
	const [slides, setSlides] = createSignal<readonly Slide[]>([slideOf(start)]);
	const [open, setOpen] = createSignal<readonly Way[]>(['before', 'after']);
	const fetching = new Set<Way>();

	async function fetchMore(way: Way): Promise<void> {
		const { key = '' } = slides().at(way === 'before' ? 0 : -1) ?? {};
		const page = await files.page(start.peer, 'visual', { [way]: key, limit: PAGE });
		if (page.length < PAGE) setOpen((ways) => ways.filter((other) => other !== way));
		const found = page.map(slideOf);
		setSlides((before) => (way === 'before' ? [...found, ...before] : [...before, ...found]));
	}

	return {
		slides,
		isWhole: () => open().length === 0,
		more(way) {
			if (fetching.has(way) || !open().includes(way)) return;
			fetching.add(way);
			// A page that cannot be read now is asked for again with the next step.
			fetchMore(way)
				.catch(() => undefined)
				.finally(() => fetching.delete(way));
		},
	};
}
