export const WORDS = {
	link: 'aesgcm link',
	example: 'Paste, drop or type a link',
	open: 'Open link',
};
