// In-Band Registration, XEP-0077 version 2.4

import type { Extension } from './extension.ts';

export const REGISTRATION: Extension = {
	number: '0077',
	version: '2.4',
	name: 'In-Band Registration',
	onlyPart: 'new accounts, and another password',
};
