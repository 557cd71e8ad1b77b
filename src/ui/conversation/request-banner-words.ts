import { WORDS as PARTS } from '../parts/words.ts';

/** The question whether a stranger may write. */
export const BANNER_WORDS = {
	title: 'Message request',
	unknown: " isn't in your contacts.",
	block: PARTS.block,
	askBlock: 'Block this person?',
	blockText: ' can no longer message you. Their messages are deleted from this device.',
	askDelete: 'Delete this request?',
	unsaved: "That couldn't be saved. Try again.",
	notBlocked: "This address couldn't be blocked. Check your connection and try again.",
};
