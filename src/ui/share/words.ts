import { WORDS as COMMON } from '../parts/words.ts';

export const WORDS = {
	cancel: COMMON.cancel,
	search: COMMON.search,
	onlyEncrypted: COMMON.onlyEncrypted,
	attach: 'Send files',
	photosAndVideos: COMMON.photosAndVideos,
	camera: 'Camera',
	files: COMMON.files,
	filesToSend: 'Files to send',
	noChats: 'You have no chats yet. Add a contact first.',
	nobody: 'No results',
	plaintextChat: "This chat isn't encrypted",
	drop: 'Drop files here to send them encrypted',
};

export const COPY_LINK_WORDS = {
	title: 'Copy link?',
	copy: COMMON.copy,
	cancel: COMMON.cancel,
	text: 'The link includes the key: anyone who has it can open the file, and other apps can read what you copy.',
};

/** A file on its way. */
export const PROGRESS_WORDS = {
	encrypting: 'Encrypting…',
	queued: 'Waiting for its turn',
	offline: 'Sent when you are online',
	done: (done: string, size: string) => `${done} of ${size}`,
	speed: (bytes: string) => `${bytes}/s`,
	left: (time: string) => `${time} left`,
	cancel: (name: string) => `Don't send ${name}`,
	sending: (name: string) => `Sending ${name}`,
};

/** The files that are about to be sent. */
export const TRAY_WORDS = {
	preparing: 'Preparing…',
	notSendable: "This file can't be sent.",
	sendAsIs: 'Send anyway',
	remove: (name: string) => `${COMMON.remove} ${name}`,
	earlier: (name: string) => `Move ${name} forward`,
	total: (files: number, size: string) => `${files === 1 ? '1 file' : `${files} files`}, ${size}`,
	removeProblems: "Remove files that can't be sent",
	quality: 'Photo size',
	original: 'Original',
	good: 'Good',
	small: 'Small',
};
