import { WORDS as COMMON } from '../../parts/words.ts';

/** A document that is read in the app. */
export const DOCUMENT_WORDS = {
	open: COMMON.open,
	save: COMMON.save,
	opening: 'Opening…',
	checking: 'Verifying before it is shown…',
	failed: "This file couldn't be downloaded and verified. Close it and try again.",
	password: 'This PDF is protected with a password. Save it to open it in another app.',
	broken: "This PDF can't be shown here. Save it to open it in another app.",
	notDrawn: "This page can't be shown.",
	cut: 'Only the beginning is shown. Save it to read all of it.',
	empty: 'This file is empty.',
	pages: (pages: number) => (pages === 1 ? '1 page' : `${pages} pages`),
	page: (page: number) => `Page ${page}`,
	zoomIn: 'Zoom in',
	zoomOut: 'Zoom out',
	wrap: 'Wrap lines',
};
