// OMEMO Media Sharing, XEP-0454 version 0.1.1

import { THUMBNAIL_FEATURE } from '../client-features.ts';
import type { Extension } from './extension.ts';

export const MEDIA_SHARING: Extension = {
	number: '0454',
	version: '0.1.1',
	name: 'OMEMO Media Sharing',
	features: [THUMBNAIL_FEATURE],
};
