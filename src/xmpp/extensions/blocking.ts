// Blocking Command, XEP-0191 version 1.3

import type { Extension } from './extension.ts';

export const BLOCKING: Extension = {
	number: '0191',
	version: '1.3',
	name: 'Blocking Command',
};
