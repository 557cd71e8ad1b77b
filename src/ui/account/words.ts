import type { MissingFeature } from '../../chat/account/messenger.ts';
import { WORDS as COMMON } from '../parts/words.ts';

const SIGN_OUT = 'Sign out';

export const WORDS = {
	title: COMMON.account,
	showCode: 'Show QR code',
	links: 'Opened links',
	settings: COMMON.settings,
	missing: 'Your server is missing',
	devices: 'Your devices',
	verify: COMMON.verifyByCode,
	notifications: 'Notifications',
	notificationsHint: 'When a message arrives while Balcony is open in the background.',
	notificationsDenied:
		"Your browser blocks notifications from Balcony. Allow them in the browser's settings for this site.",
	photos: COMMON.photos,
	thumbnails: 'Send a preview with photos',
	thumbnailsHint:
		'A small blurred preview is shown until the photo is downloaded. It is encrypted too. Some other apps show it as a jumble of letters.',
	password: COMMON.password,
	leave: SIGN_OUT,
	signOut: SIGN_OUT,
	erase: COMMON.erase,
	erasing: 'Erasing…',
};

export const SIGN_OUT_WORDS = {
	title: 'Sign out?',
	no: COMMON.cancel,
	text: 'Balcony forgets your password, and files and recordings that you have not sent are deleted. Messages, files and keys stay on this device, hidden until you sign in again.',
};

export const ERASE_WORDS = {
	title: COMMON.askErase,
	no: COMMON.cancel,
	text: "This deletes all messages, files and keys on this device. Encrypted messages can't be downloaded again. If you are online, the device is also removed from your account.",
};

const CHANGE_PASSWORD = 'Change password';

export const PASSWORD_WORDS = {
	change: CHANGE_PASSWORD,
	new: 'New password',
	again: 'Repeat new password',
	save: CHANGE_PASSWORD,
	cancel: COMMON.cancel,
	done: 'Password changed.',
	different: "The passwords don't match.",
	failed: "The server didn't change the password.",
};

export const PROFILE_WORDS = {
	title: 'Profile',
	choosePicture: 'Add profile picture',
	changePicture: 'Change profile picture',
	removePicture: 'Remove profile picture',
	picture: 'Profile picture',
	name: 'Name',
	save: COMMON.save,
	pictureDone: 'Profile picture updated.',
	pictureRemoved: 'Profile picture removed.',
	nameDone: 'Name updated.',
	noPicture: "This file can't be used as a profile picture. Choose a photo.",
	tooLarge: (size: string) =>
		`This browser can't make photos smaller. Choose one of at most ${size}.`,
	refused: COMMON.notDone,
};

/** Features that a server may lack, and what follows from that. */
export const MISSING: Record<MissingFeature, string> = {
	roster: 'A contact list.',
	blocking: "Blocking: you can't block people.",
	pep: "Storage for encryption keys (PEP): you can't receive encrypted messages.",
	archive: 'A message archive: messages sent while you were offline may be missing here.',
	'archive-stuck': `A message archive that can be read to the end. ${COMMON.archiveGap}`,
	upload: 'File uploads (HTTP upload): you can receive files, but not send any.',
};

export const THUMBNAILS = [
	['automatic', 'To apps that support it'],
	['always', COMMON.always],
	['never', COMMON.never],
] as const;

export const NOTIFICATIONS = [
	['off', 'Off'],
	['name', 'Sender only'],
	['text', 'Sender and message'],
] as const;
