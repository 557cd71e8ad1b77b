import type { MediaItem } from '../../chat/files/media-item.ts';
import type { MediaKind } from '../../chat/model/media-kind.ts';

export type Way = 'before' | 'after';

/** One picture or video in a row of them. */
export interface Slide {
	readonly key: string;
	/** by its name */
	readonly kind: MediaKind;
	/** who sent it, or where it is from */
	readonly from: string;
	/** milliseconds since the epoch */
	readonly time: number;
	/** To be called where it is shown: its item, if it may be here, and what fetches it when somebody asks. */
	open(): { item: () => MediaItem | undefined; load: () => void };
}

/** Pictures and videos in their order, newest last. */
export interface Gallery {
	slides(): readonly Slide[];
	/** there are no more than these */
	isWhole(): boolean;
	/** Gets more of them. */
	more(way: Way): void;
}
