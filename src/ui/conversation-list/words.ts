/** The first steps, and requests of people who want to be contacts. */
export const WORDS = {
	wantsToMessage: ' wants to message you.',
	welcome: 'Welcome to Balcony',
	shareAddress: 'Share your address',
	copy: 'Copy',
	qrCode: 'QR code',
	addContact: 'Add a contact',
	addContactHint: 'All you need is their address. They see yours when you add or message them.',
	install: 'Install',
	homeScreen: 'Add Balcony to your home screen',
	homeScreenHint:
		'It opens like an app, and the browser is less likely to delete your messages and files.',
	homeScreenSafari: ' In Safari, tap Share, then Add to Home Screen.',
};
