import { WORDS as PARTS } from '../parts/words.ts';

/** The screen while no chat is open. */
export const WORDS = {
	chooseChat: 'Choose a chat to start messaging.',
	dropHint: 'Drop files here, then choose who gets them',
};

/** Files and text that another app handed over. */
export const HANDED_OVER_WORDS = {
	nothing: 'Nothing to send',
	sendTo: 'Send to',
};

/** Notifications outside the page. */
export const NOTICE_WORDS = {
	message: 'New message',
	requestTitle: 'New message request',
	requestText: 'From a person you may not know',
};

/** The title of the tab. */
export function tabTitle(unread: number): string {
	return unread === 0 ? PARTS.appName : `(${unread}) ${PARTS.appName}`;
}
