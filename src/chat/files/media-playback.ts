import type { Vault } from '../../vault/vault.ts';
import type { MediaItems } from './media-items.ts';

/** Sizes, durations and positions that players and pictures report. */
export interface MediaPlayback {
	/** A picture was loaded, and is so many pixels large as it is shown. */
	measured(id: string, width: number, height: number): void;
	/** A player has told how long sound or a video is, in seconds. */
	timed(id: string, duration: number): void;
	/** Something plays, or has stopped. */
	playing(id: string, plays: boolean): void;
	/** Where somebody stopped listening, in seconds; `kept`: also for the next time that the app is opened. */
	setPosition(id: string, position: number, kept: boolean): Promise<void>;
}

/** `playingIds`: what plays now. */
export function createMediaPlayback(
	{ media }: Pick<Vault, 'media'>,
	items: MediaItems,
	playingIds: Set<string>,
): MediaPlayback {
	return {
		measured(id, width, height) {
			const item = items.find(id);
			if (item?.width === width && item.height === height) return;
			items.change(id, { width, height });
			void media.patch(id, { width, height }).catch(() => undefined);
		},
		timed(id, duration) {
			const isNews = Math.abs((items.find(id)?.duration ?? 0) - duration) > 0.5;
			if (!isNews || !Number.isFinite(duration)) return;
			items.change(id, { duration });
			void media.patch(id, { duration }).catch(() => undefined);
		},
		playing(id, plays) {
			if (plays) playingIds.add(id);
			else playingIds.delete(id);
		},
		async setPosition(id, position, kept) {
			items.change(id, { position });
			if (kept) await media.patch(id, { position });
		},
	};
}
