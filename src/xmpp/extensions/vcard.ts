// vcard-temp, XEP-0054 version 1.3.0

import type { Extension } from './extension.ts';

export const VCARD: Extension = {
	number: '0054',
	version: '1.3.0',
	name: 'vcard-temp',
	onlyPart: 'pictures and names of others',
};
