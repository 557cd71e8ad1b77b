import { WORDS as COMMON } from '../parts/words.ts';

export const WORDS = {
	offline: "You're offline. Files saved on this device still open.",
	noWorker:
		"Files can't open automatically here yet. If this message stays, for example after a hard reload or in a private window, reload the page, or download and verify files one by one.",
	forgetful:
		"This browser doesn't let Balcony store anything. Everything will be gone when you close the page.",
	update: 'A new version is ready.',
	reload: COMMON.reload,
	later: 'Later',
	storageFull:
		"There's no room on this device. New messages can't be saved until you free some space.",
	freeSpace: 'Free space',
	needsReload: "Part of Balcony couldn't be loaded. Reload the page to get your new messages.",
	archiveStuck: `Your server's message archive couldn't be read to the end. ${COMMON.archiveGap}`,
	ok: 'OK',
};

export const WELCOME_WORDS = {
	title: 'Open a link, and it plays.',
	text: 'Paste an encrypted link from your XMPP chat. Photos, voice messages and videos start instantly and are decrypted and verified on this device.',
	looks: 'Links look like',
	example: 'aesgcm://server/file.jpg#…',
};
