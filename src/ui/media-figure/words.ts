import { WORDS as COMMON } from '../parts/words.ts';

export const WORDS = {
	downloading: COMMON.downloading,
	download: COMMON.download,
	save: COMMON.save,
	remove: COMMON.remove,
	cancel: COMMON.cancel,
	retry: COMMON.retry,
	verifyNow: COMMON.verifyNow,
	verified: COMMON.verified,
	notVerified: COMMON.notVerified,
	downloadHere: COMMON.downloadHere,
	saveStreamed: COMMON.saveStreamed,
	tooLarge:
		"There isn't enough room for this file on this device. You can save it while it downloads; the last part waits until all of it is verified.",
	notPlayable: (kind: string) =>
		kind === 'image'
			? "This browser can't show this photo. Save it to open it in another app."
			: `This browser can't play this ${kind === 'video' ? 'video' : 'audio file'}. Save it to play it in another app.`,
	saveToOpen: 'Save it to open it in another app.',
	notShown: "This can't be shown here. Save it to open it in another app.",
	fullScreen: (name: string) => `Full screen: ${name}`,
	play: (...about: string[]) => [COMMON.play, ...about].filter(Boolean).join(' '),
	pause: 'Pause',
	position: 'Position',
	positionOf: (position: string, duration: string) => `${position} of ${duration}`,
	speed: (speed: number) => `Playback speed ${speed} times`,
	downloadingOf: (name: string) => `Downloading ${name}`,
	removed: (files: number) =>
		files === 1 ? 'Removed from this device' : `${files} files removed from this device`,
	undo: 'Undo',
};

/** What plays on while one reads elsewhere. */
export const MINI_WORDS = {
	title: 'Playing',
	stop: 'Stop playing',
};

/** The state of a file, in a line. */
export const STATE_WORDS = {
	checkingToSave: (progress: string) => `Verifying before saving… ${progress}`,
	checkingRest: (progress: string) => `Verifying the rest… ${progress}`,
	downloading: (progress: string) => `${COMMON.downloading} ${progress}`,
	notDownloaded: 'Not downloaded yet',
	noSkipping: (progress: string) =>
		`${COMMON.downloading} ${progress}. This server doesn't allow skipping ahead.`,
	playing: 'Playing, not yet verified',
	saving: 'Verified. Saving has started.',
	tampered: 'Altered',
	expired: 'Expired',
	blocked: COMMON.blocked,
	failed: 'Failed',
};

/** Names of files whose own name says nothing. */
export const KIND_WORDS = {
	image: COMMON.photo,
	audio: COMMON.voiceMessage,
	video: COMMON.video,
	file: 'File',
	fileOf: (extension: string) => `${extension} file`,
	unnamed: 'file',
};
