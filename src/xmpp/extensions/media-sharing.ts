// OMEMO Media sharing, XEP-0454 version 0.1.0

import type { Extension } from './extension.ts';

/** A client reads the thumbnail that may follow a link (section 3), which names no feature of its own for that. */
export const THUMBNAIL_FEATURE = 'https://balcony.chat/features/media-thumbnail';

/** The links are read where messages are: `core/links` knows their form. */
export const MEDIA_SHARING: Extension = {
	number: '0454',
	version: '0.1.0',
	name: 'OMEMO Media sharing',
	features: [THUMBNAIL_FEATURE],
};
