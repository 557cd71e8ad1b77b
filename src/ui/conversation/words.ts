import type { Message } from '../../chat/model/message.ts';
import { WORDS as PARTS } from '../parts/words.ts';

/** The head of a chat, and what is said about all of it. */
export const CHAT_WORDS = {
	offline: 'Waiting for connection…',
	blocked: PARTS.blocked,
	online: 'online',
	plaintext: "Not encrypted: both servers can read what you write here. Files can't be sent.",
	messages: 'Messages',
	sealedBefore: 'Older encrypted messages can only be read on your other devices.',
	empty: 'No messages yet. Messages here are end-to-end encrypted.',
	newMessages: 'New messages',
	toNewest: (unread: number) =>
		unread > 0 ? `Go to the latest message, ${unread} new` : 'Go to the latest message',
	copied: PARTS.copied,
};

export const MESSAGE_WORDS = {
	more: 'More',
	notEncrypted: 'Not encrypted',
	retracted: 'This message was deleted',
	emptied: 'The text of this message was removed',
	showAll: 'Show all',
	edited: 'edited',
	showEarlier: 'edited, show earlier versions',
	replyTo: 'Reply to',
	notHere: "The original message isn't here",
	inAlbum: (number: number, count: number) => `${number} of ${count} in an album`,
};

export const DELIVERY_STATES: Record<NonNullable<Message['state']>, string> = {
	waiting: PARTS.waiting,
	sent: 'Sent',
	delivered: 'Delivered',
	read: 'Read',
	failed: PARTS.failed,
};

/** Below a message that waits or was not sent. */
export const DELIVERY_WORDS = {
	edit: 'Edit',
	tryNow: 'Try now',
	notDeletedYet: 'Not deleted for everyone yet. ',
	notEditedYet: "Your edit hasn't been sent yet. ",
};

/** Warnings about the device that a text came from. */
export const DOUBT_WORDS = {
	unverified: "From a device that you haven't verified",
	ownUnverified: "From a device of yours that you haven't verified",
	distrusted: "From a device that you don't trust",
	ownDistrusted: "From a device of yours that you don't trust",
	editedUnverified: "Edited on a device that you haven't verified",
	ownEditedUnverified: "Edited on a device of yours that you haven't verified",
};

export const REACTION_WORDS = {
	title: 'Reactions',
	by: (emoji: string, isOwn: boolean, isTheirs: boolean) => {
		if (!isTheirs) return `${emoji} from you`;
		return isOwn ? `${emoji} from you and them` : `${emoji} from them`;
	},
	takenBack: 'Removed',
	isTakenBack: (emoji: string) => `${emoji}, removed`,
};

export const COMPOSER_WORDS = {
	label: PARTS.message,
	caption: 'Add a caption',
	encrypted: 'Encrypted message',
	unencrypted: 'Unencrypted message',
	send: 'Send',
	editMessage: 'Edit message',
	replyTo: (name: string) => `Reply to ${name}`,
	yourself: 'yourself',
	cancelEdit: 'Cancel editing',
	cancelReply: 'Cancel reply',
	tooLong: 'This message is too long to send.',
	shorten: 'Shorten it.',
	sendAsFile: 'Send as text file',
	fileName: (day: string) => `Message ${day}.txt`,
	unsaved: "Your message wasn't saved. Try again.",
	unsavedStorage: "There's no room on this device. Your message wasn't saved.",
};

/** Recording a voice message. */
export const VOICE_WORDS = {
	record: 'Record a voice message',
	recordHint: 'Tap, or hold, to record a voice message',
	title: PARTS.voiceMessage,
	player: 'voice message',
	recording: 'Recording',
	recorded: (duration: string) => `Recorded ${duration}.`,
	releaseToDelete: 'Release to delete',
	slideToCancel: 'Slide away to cancel',
	asking: 'Waiting for the microphone…',
	delete: 'Delete recording',
	stop: 'Stop recording',
	send: 'Send voice message',
};

const DAMAGED = 'This message was damaged in transit.';
const NO_ADDRESSEE = "This address doesn't exist, or doesn't accept messages from you.";
const NOT_USED = 'This address is no longer in use.';
const NO_ANSWER = 'There was no answer. Try again later.';
const NOT_ALLOWED = 'You are not allowed to message this address.';
const SERVER_FAULT = 'A server had a problem with this message. Try again later.';
const NOT_UNDERSTOOD = "Their server doesn't understand this message.";

/** Why a message cannot be read, or was not sent, by its problem. */
export const PROBLEMS: Readonly<Record<string, string>> = {
	'unreadable:omemo-2': "Encrypted with a newer version of OMEMO, which Balcony can't read yet.",
	'unreadable:openpgp': "Encrypted with OpenPGP, which Balcony can't read.",
	'unreadable:otr': "Encrypted with OTR, which Balcony can't read.",
	'unreadable:unknown-encryption': "Encrypted in a way that Balcony can't read.",
	'unreadable:not-encrypted': 'The encrypted part of this message is missing.',
	'unreadable:call': "A call. Balcony can't take calls yet.",
	'unreadable:invitation': 'An invitation to a group. Balcony has no groups yet.',
	'unreadable:file': "A file of a kind that Balcony can't open yet.",
	'not-for-us': 'Encrypted, but not for this device. The sender may not have known it yet.',
	'session-broken':
		"This message can't be decrypted. A new session was started, so the next ones can.",
	duplicate: "This message can't be decrypted: its key was used before.",
	'element-invalid': DAMAGED,
	'payload-invalid': DAMAGED,
	'no-devices': "They have no device that can read encrypted messages, or can't be reached.",
	'no-trusted-devices': "You don't trust any of their devices. Check the devices in their details.",
	'item-not-found': NO_ADDRESSEE,
	'service-unavailable': NO_ADDRESSEE,
	'jid-malformed': 'This address is not valid.',
	gone: NOT_USED,
	redirect: NOT_USED,
	'remote-server-not-found': "Their server can't be found. Check the address.",
	'remote-server-timeout': "Their server can't be reached.",
	timeout: NO_ANSWER,
	unavailable: NO_ANSWER,
	'recipient-unavailable': NO_ANSWER,
	// XEP-0191 section 3.2: our own server says so of a contact whom we have blocked.
	'not-acceptable': 'Not accepted. You may have blocked this contact.',
	'not-allowed': "Your server, or theirs, doesn't allow messages to this address.",
	forbidden: NOT_ALLOWED,
	'not-authorized': NOT_ALLOWED,
	'registration-required': NOT_ALLOWED,
	'subscription-required': NOT_ALLOWED,
	'policy-violation': 'A server refused this message because of its rules.',
	'resource-constraint': 'Their server has no room for it just now. Try again later.',
	'internal-server-error': SERVER_FAULT,
	'undefined-condition': SERVER_FAULT,
	'feature-not-implemented': NOT_UNDERSTOOD,
	'bad-request': NOT_UNDERSTOOD,
	'unexpected-request': NOT_UNDERSTOOD,
	'too-long': `${COMPOSER_WORDS.tooLong} ${COMPOSER_WORDS.shorten}`,
	'stream-ended':
		'Your server closed the connection because of this message. Shorten or reword it.',
	'storage-full': PARTS.noRoom,
	internal: 'Something went wrong in Balcony. Try again.',
};
export const OTHER_PROBLEM = "This didn't work. Try again.";

const SERVER_SILENT = "Their server doesn't respond. Balcony keeps trying.";

/** Why a message still waits, by the condition of what was tried last. */
export const WAITING: Readonly<Record<string, string>> = {
	'remote-server-timeout': SERVER_SILENT,
	'remote-server-not-found': SERVER_SILENT,
	timeout: SERVER_SILENT,
	unavailable: "Can't get their encryption keys. Balcony keeps trying.",
	'recipient-unavailable': "They can't be reached. Balcony keeps trying.",
	'resource-constraint': 'Their server is busy. Balcony keeps trying.',
	'storage-full': "There's no room on this device. Free some space to send it.",
};
export const STILL_SENDING = 'Still sending…';
export const OTHER_WAITING = "This can't be sent just now. Balcony keeps trying.";
