// vCard-Based Avatars, XEP-0153 version 1.1.1

import type { Extension } from './extension.ts';

export const VCARD_AVATARS: Extension = {
	number: '0153',
	version: '1.1.1',
	name: 'vCard-Based Avatars',
};
