import { WORDS as PARTS } from '../parts/words.ts';
import { DELIVERY_WORDS } from './words.ts';

export const FORWARD_WORDS = {
	to: 'Forward to',
	done: 'Forwarded',
};

/** The menu of a message. */
export const MENU_WORDS = {
	title: PARTS.message,
	reactWith: (emoji: string) => `React with ${emoji}`,
	reactWithOther: 'React with another emoji',
	reply: 'Reply',
	copyText: 'Copy text',
	forward: 'Forward',
	copyLink: 'Copy link',
	edit: DELIVERY_WORDS.edit,
	save: PARTS.save,
	removeFile: PARTS.removeFromThisDevice,
	cancelSending: 'Cancel sending',
	deleteForEveryone: 'Delete for everyone',
	referenceNote: 'Which message this replies to is not encrypted. A server could change it.',
};

export const DELETE_WORDS = {
	title: 'Delete for everyone?',
	text: "It is deleted here, and the other person's app is asked to delete it too. They may have read it already, and some apps keep it.",
};

export const EARLIER_WORDS = {
	title: 'Earlier versions',
	hint: "Servers can't read or change these texts, but could make one replace another.",
	time: (day: string, clock: string) => `${day}, ${clock}`,
};

/** The question before the first reaction in an encrypted chat. */
export const CONSENT_WORDS = {
	title: 'Reactions are not encrypted',
	yes: 'Send reactions',
	no: 'Not now',
	text: 'OMEMO encrypts what you write, but not reactions. Both servers would see which emoji you chose, and for which message; never what the message says.',
};
