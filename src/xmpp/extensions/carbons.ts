// Message Carbons, XEP-0280 version 1.0.1

import type { Extension } from './extension.ts';

export const CARBONS: Extension = {
	number: '0280',
	version: '1.0.1',
	name: 'Message Carbons',
};
