import type { MissingFeature } from '../../chat/account/messenger.ts';

export const WORDS = {
	title: 'Account',
	showCode: 'Show QR code',
	links: 'Opened links',
	settings: 'Settings',
	missing: 'Your server lacks',
	devices: 'Your devices',
	verify: 'Verify by QR code or link',
	notifications: 'Notifications',
	notificationsHint: 'Of new messages, while Balcony is open and you look elsewhere.',
	notificationsDenied:
		'The browser does not allow it. Change that in its settings for this page, beside the address.',
	pictures: 'Pictures',
	thumbnails: 'Small picture first',
	thumbnailsHint:
		'A blurred one goes with the message, encrypted, and is seen until the picture is there. Some other apps show it as a jumble of letters.',
	password: 'Password',
	leave: 'Leave',
	signOut: 'Sign out',
	erase: 'Erase everything',
	erasing: 'Erasing…',
};

export const SIGN_OUT_WORDS = {
	title: 'Sign out?',
	no: 'Stay',
	text: 'Your password is forgotten here, and files and recordings that you have not sent are gone. Messages, files and keys stay on this device. Nobody sees them in Balcony until you sign in again.',
};

export const ERASE_WORDS = {
	title: 'Erase everything?',
	no: 'Keep it',
	text: 'Messages, files and keys on this device will be gone. Encrypted messages cannot be fetched again. The device is taken off your account if there is a connection.',
};

export const PASSWORD_WORDS = {
	change: 'Change password',
	new: 'New password',
	again: 'New password again',
	save: 'Change password',
	cancel: 'Cancel',
	done: 'Your password is changed.',
	different: "The passwords don't match.",
	failed: 'The server did not change the password.',
};

export const PROFILE_WORDS = {
	title: 'What your contacts see',
	choosePicture: 'Choose a picture',
	changePicture: 'Change picture',
	removePicture: 'Remove picture',
	picture: 'Picture',
	name: 'Name',
	save: 'Save',
	pictureDone: 'Your contacts see the new picture.',
	pictureRemoved: 'Your contacts see no picture any more.',
	nameDone: 'Your contacts see the new name.',
	noPicture: "This picture can't be shown here.",
	tooLarge: (size: string) =>
		`This browser can't make pictures smaller. Choose one of at most ${size}.`,
	refused: 'The server did not take it. Check your connection and try again.',
};

/** What a server cannot do, and what that means. */
export const MISSING: Record<MissingFeature, string> = {
	roster: 'A list of contacts.',
	blocking: "Blocking: you can't block people.",
	pep: 'A place for encryption keys (PEP): nobody can write to you encrypted.',
	archive: 'An archive: what was written while you were away may be missing here.',
	'archive-stuck':
		'An archive that can be read to the end. Some older messages may be missing here.',
	upload: "A place for files (HTTP upload): you can receive files, but can't send any.",
};

export const THUMBNAILS = [
	['automatic', 'To apps that show it'],
	['always', 'Always'],
	['never', 'Never'],
] as const;

export const NOTIFICATIONS = [
	['off', 'Off'],
	['name', 'Who writes'],
	['text', 'Who, and what'],
] as const;
