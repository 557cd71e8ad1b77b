/** The screen of a second tab. */
export const WORDS = {
	elsewhere: 'Balcony is open in another tab',
	elsewhereHint:
		'Only one tab at a time can use your account, so that no message is lost or doubled.',
	useHere: 'Use here',
};
