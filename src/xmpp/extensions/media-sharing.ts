// OMEMO Media sharing, XEP-0454 version 0.1.0

import { THUMBNAIL_FEATURE } from '../client-features.ts';
import type { Extension } from './extension.ts';

export const MEDIA_SHARING: Extension = {
	number: '0454',
	version: '0.1.0',
	name: 'OMEMO Media sharing',
	features: [THUMBNAIL_FEATURE],
};
