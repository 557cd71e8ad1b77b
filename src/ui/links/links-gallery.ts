import { createMemo, mapArray } from 'solid-js';
import { kindOf, LINKS, type MediaItem } from '../../chat/files/media-item.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { Gallery, Slide } from '../viewer/gallery.ts';

/** It was opened as a link, and not in a conversation, and is still shown. */
export const isLink = ({ owner, isLeaving }: MediaItem) => owner === LINKS && isLeaving !== true;

/** The pictures and videos among the opened links. */
export function createLinksGallery(library: MediaLibrary): Gallery {
	const isVisual = (kind: string) => kind === 'image' || kind === 'video';
	const slides = createMemo(
		mapArray(
			() => library.state.items.filter((item) => isLink(item) && isVisual(kindOf(item))),
			(item): Slide => ({
				key: item.id,
				kind: item.guess,
				from: item.host,
				time: item.createdAt,
				open: () => ({ item: () => item, load: () => library.loading.activate(item.id) }),
			}),
		),
	);
	return { slides, isWhole: () => true, more: () => undefined };
}
