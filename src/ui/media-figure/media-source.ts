import type { MediaItem } from '../../chat/files/media-item.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { mediaPath } from '../../core/http/media-path.ts';

const HIDDEN_STATES = ['tampered', 'expired', 'blocked', 'failed'];

/** Nothing of it may be shown, or can be. */
export function isHidden({ status }: MediaItem): boolean {
	return HIDDEN_STATES.includes(status.state);
}

/** It was allowed, or somebody has asked for it; what the worker has given up unasked waits until it says otherwise. */
export function mayLoad({ active, status }: MediaItem): boolean {
	return active && status.error !== 'unasked';
}

/** It waits for somebody who wants it: there is something to press. */
export function isWaiting(item: MediaItem, library: MediaLibrary): boolean {
	const isHere = item.local !== undefined || mayLoad(item);
	return !isHere && !isHidden(item) && item.isMeasured !== true && library.state.worker === 'ready';
}

/** The URL that an item is shown from; undefined while it is not to load, or nobody serves it. */
export function sourceOf(item: MediaItem, library: MediaLibrary): string | undefined {
	if (item.local !== undefined) return item.local;
	if (!mayLoad(item) || library.state.worker !== 'ready') return undefined;
	return mediaPath(item.id, item.extension);
}
