/** Words that several screens use. */
export const WORDS = {
	close: 'Close',
	reload: 'Reload',
	notLoaded: "Couldn't load this part",
	notLoadedHint:
		'Balcony may have been updated, or there is no connection. Reload the page to try again.',
	loading: 'Loading…',
};
