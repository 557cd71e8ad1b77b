import type { LoadRule } from '../../chat/model/conversation.ts';
import { WORDS as COMMON } from '../parts/words.ts';
import { LEFT_OUT_WORDS } from './left-out-words.ts';

/** A contact's details: media, devices, encryption, downloads, and the contact itself. */
export const WORDS = {
	media: 'Media and files',
	openMedia: 'Photos, voice messages, files',
	devices: 'Devices',
	devicesHint:
		'Compare these fingerprints with the ones your contact sees, in person or on a call. Once you verify one device, new devices must be verified too.',
	verify: COMMON.verifyByCode,
	encryption: 'Encryption',
	plaintext: "Messages you send here aren't encrypted: both servers can read them.",
	encrypted: 'Messages you send here are end-to-end encrypted.',
	encrypt: 'Turn encryption on',
	sendPlaintext: 'Turn encryption off',
	download: COMMON.autoDownload,
	downloadHint: COMMON.downloadHint,
	contact: 'Contact',
	nickname: 'Your name for this contact',
	save: COMMON.save,
	add: 'Add to contacts',
	remove: 'Remove from contacts',
	block: COMMON.block,
	unblock: 'Unblock',
	blocked: 'Your server blocks everything from this address.',
	askRemove: 'Remove from contacts?',
	confirmRemove: COMMON.remove,
	keep: COMMON.cancel,
	askRemoveText:
		'The name you gave this contact is lost. You no longer see when they are online, they no longer see what you have read, and their files are only downloaded when you ask. Your messages stay.',
	notDone: COMMON.notDone,
};

export const LOAD_RULES: readonly (readonly [LoadRule, string])[] = [
	['as-everywhere', 'Same as in Settings'],
	['always', COMMON.always],
	['never', COMMON.never],
];

export const ADD_WORDS = {
	title: COMMON.addContact,
	address: 'Address or link',
	example: COMMON.addressExample,
	hint: 'They see your address, and once they accept, when you are online.',
	add: 'Add',
	addAndVerify: 'Add and verify',
	write: (address: string) => `Message ${address}`,
	notAnAddress: COMMON.addressShape,
	group: "Group chats aren't supported yet.",
	own: 'This is your own address.',
	notAdded: "The server didn't add this contact. Check your connection and try again.",
};

/** Verifying by a QR code or a link. */
export const CODE_WORDS = {
	title: COMMON.verifyByCode,
	link: 'Link',
	linkExample: 'xmpp:…',
	hint: 'In Balcony, the QR code and the link are under Account; in other apps, beside the fingerprints of the account.',
	verify: LEFT_OUT_WORDS.verify,
	done: 'Done',
	scan: 'Scan QR code',
	noCamera: "Can't use the camera. Paste the link instead.",
	names: (devices: number) =>
		`This link verifies ${devices === 1 ? 'one device' : `${devices} devices`}. Only continue if it comes from the owner: from their screen, or in another way you trust.`,
	otherAddress: (named: string, wanted: string) => `This belongs to ${named}, not to ${wanted}.`,
	noFingerprint: 'There is no fingerprint in this link. It starts with xmpp: and names devices.',
	contradicted: (devices: number) =>
		`${count(devices, 'device has', 'devices have')} a different fingerprint here than in the link. The connection may be intercepted, or the link is old or wrong. Compare the fingerprints before you trust anything.`,
	verified: (devices: number) => `${count(devices, 'device is', 'devices are')} verified.`,
	expected: (devices: number) =>
		`${count(devices, 'device', 'devices')} not seen yet: verified from the first message on.`,
};

export const OWN_CODE_WORDS = {
	title: 'Your QR code',
	codeOf: (address: string) => `QR code of ${address}`,
	copy: 'Copy as link',
	/** `devices`: how many are in the code, this one included */
	hint: (devices: number) => {
		const verified =
			devices < 2
				? ' and verifies this device'
				: ` and verifies this device and ${devices - 1} more that you have verified`;
		return `Anyone who scans this with Balcony, Conversations or another XMPP app adds you${devices === 0 ? '' : verified}.`;
	},
};

export const DEVICE_WORDS = {
	blind: 'Not verified',
	verified: COMMON.verified,
	undecided: 'Waiting for your decision',
	distrusted: 'Not trusted',
	isThis: 'This device',
	isNew: "New: can't read your messages until you verify it",
	unseen: 'Not seen yet',
	inactive: ' · no longer in use',
	none: 'No device that can read encrypted messages is known yet.',
	otherKey:
		"Another key, sent under the same device number. Don't trust it unless the fingerprints match.",
	isBack:
		"It's signed in right now and put itself back. Sign out there first, then remove it here. If you don't know it, choose “Don't trust” and change your password.",
	fetching: 'Getting its fingerprint…',
	noFingerprint: 'Its fingerprint is not available yet.',
	verify: 'Mark as verified',
	distrust: "Don't trust",
	forget: 'Forget',
	dismiss: 'Remove from my account',
	unsaved: "That wasn't saved. Try again.",
	notDone: COMMON.notDone,
};

export const MEDIA_WORDS = {
	title: WORDS.media,
	kind: 'Kind',
	looking: 'Looking for files',
	older: 'Show older',
	retry: COMMON.retry,
	you: COMMON.you,
	show: COMMON.showInChat,
	visual: COMMON.photos,
	noVisual: 'No photos or videos yet.',
	voice: 'Voice',
	noVoice: 'No voice messages yet.',
	file: COMMON.files,
	noFile: 'No other files yet.',
	photo: COMMON.photo,
	video: COMMON.video,
	play: COMMON.play,
	download: COMMON.download,
	/** The label of a tile, read aloud: "Open photo, 12 May, 14:05". */
	tile: (verb: string, kind: string, time: string) => `${verb} ${kind.toLowerCase()}, ${time}`,
	open: COMMON.open,
};

function count(number: number, one: string, many: string): string {
	return number === 1 ? `One ${one}` : `${number} ${many}`;
}
