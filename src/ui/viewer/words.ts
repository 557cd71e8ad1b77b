import { WORDS as COMMON } from '../parts/words.ts';

export const WORDS = {
	title: (name: string) =>
		name === '' ? COMMON.photosAndVideos : `${COMMON.photosAndVideos}: ${name}`,
	place: (index: number, count: number) => `${index} of ${count}`,
	previous: 'Previous',
	next: 'Next',
	show: COMMON.showInChat,
	save: COMMON.save,
	remove: COMMON.removeFromThisDevice,
	close: COMMON.close,
	you: COMMON.you,
};

/** A note on a slide that is not shown, or not verified, and its button. */
export const SLIDE_WORDS = {
	notHere: (kind: string) => `This ${kind === 'video' ? 'video' : 'photo'} is not on this device.`,
	notShown: (kind: string) =>
		`This browser can't show this ${kind === 'video' ? 'video' : 'photo'}.`,
	neither: "This can't be shown here.",
	tooLarge: "There isn't enough room for this file on this device.",
	play: COMMON.play,
	download: COMMON.download,
	saveStreamed: COMMON.saveStreamed,
	retry: COMMON.retry,
	cancel: COMMON.cancel,
	downloadHere: COMMON.downloadHere,
	verifyNow: COMMON.verifyNow,
};
