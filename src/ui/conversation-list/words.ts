import { WORDS as PARTS } from '../parts/words.ts';

/** The list of chats. */
export const WORDS = {
	account: PARTS.account,
	search: PARTS.search,
	chats: 'Chats',
	contacts: 'Contacts',
	noResult: 'No results for',
	contactRequest: 'Contact request',
	wantsToMessage: ' wants to message you.',
	decline: 'Decline',
	voiceDraft: 'Draft: voice message',
	draft: (text: string) => `Draft: ${text}`,
	own: (text: string) => `You: ${text}`,
	unread: 'unread',
};

/** The line about the connection. */
export const CONNECTION_WORDS = {
	catchingUp: 'Catching up…',
	connecting: 'Connecting…',
	refused: 'The server no longer accepts your password. Sign out, then sign in again.',
	offline: 'No connection. Messages will be sent later.',
};

/** Message requests of unknown people. */
export const REQUEST_WORDS = {
	people: (count: number) =>
		count === 1 ? '1 person you may not know' : `${count} people you may not know`,
	hint: "These people aren't in your contacts. They can't see whether you have read their messages.",
	full: 'More people may have tried to message you. Answer or delete some requests to see new ones.',
	deleteAll: 'Delete all requests',
	askDeleteAll: 'Delete all requests?',
	yes: 'Delete all',
	unread: 'Unread',
};

/** The first steps. */
export const FIRST_STEPS_WORDS = {
	welcome: 'Welcome to Balcony',
	shareAddress: 'Share your address',
	qrCode: 'QR code',
	addContactHint: 'All you need is their address. They see yours when you add or message them.',
	install: 'Install',
	homeScreen: 'Add Balcony to your home screen',
	homeScreenHint:
		'It opens like an app, and the browser is less likely to delete your messages and files.',
	homeScreenSafari: ' In Safari, tap Share, then Add to Home Screen.',
};
