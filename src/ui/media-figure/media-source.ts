import type { MediaItem } from '../../chat/media-item.ts';
import type { MediaLibrary } from '../../chat/media-library.ts';
import { mediaPath } from '../../core/media-path.ts';

const HIDDEN_STATES = ['tampered', 'expired', 'blocked', 'failed'];

/** Nothing of it may be shown, or can be. */
export function isHidden({ status }: MediaItem): boolean {
	return HIDDEN_STATES.includes(status.state);
}

/** The URL that an item is shown from; undefined while it is not to load, or nobody serves it. */
export function sourceOf(item: MediaItem, library: MediaLibrary): string | undefined {
	if (item.local !== undefined) return item.local;
	if (!item.active || library.state.worker !== 'ready') return undefined;
	return mediaPath(item.id, item.extension);
}
