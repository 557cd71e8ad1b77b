/** Words of notifications outside the page. */
export const NOTICE_WORDS = {
	message: 'New message',
	requestTitle: 'New message request',
	requestText: 'From a person you may not know',
};
