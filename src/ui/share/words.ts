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
