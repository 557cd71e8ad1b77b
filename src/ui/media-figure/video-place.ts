import type { MediaLibrary } from '../../chat/files/media-library.ts';

/** Seconds of the shortest one whose place is found again when the app is opened anew. */
const LONG = 60;

/** Where somebody stopped looking at a video: it goes on there, in the chat and full screen. */
export function noteVideoPlace(
	library: Pick<MediaLibrary, 'playback'>,
	id: string,
	place: number,
	duration: number,
): void {
	void library.playback.setPosition(id, place, duration >= LONG).catch(() => undefined);
}
