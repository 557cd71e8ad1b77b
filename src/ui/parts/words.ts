/** Words that several screens use. */
export const WORDS = {
	appName: 'Balcony',
	close: 'Close',
	cancel: 'Cancel',
	retry: 'Try again',
	remove: 'Remove',
	play: 'Play',
	delete: 'Delete',
	accept: 'Accept',
	copy: 'Copy',
	addContact: 'Add a contact',
	backToChats: 'Back to chats',
	messageRequests: 'Message requests',
	requestsDeleted:
		"Their messages are deleted from this device. They aren't notified and can message you again.",
	waiting: 'Waiting to be sent',
	failed: 'Not sent',
	typing: 'is typing…',
	you: 'You',
	noRoom: "There's no room on this device. Free some space and try again.",
	reload: 'Reload',
	notLoaded: "Couldn't load this part",
	notLoadedHint:
		'Balcony may have been updated, or there is no connection. Reload the page to try again.',
	loading: 'Loading…',
};
