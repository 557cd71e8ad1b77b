// Personal Eventing Protocol, XEP-0163 version 1.2.2

import type { Extension } from './extension.ts';

export const PEP: Extension = {
	number: '0163',
	version: '1.2.2',
	name: 'Personal Eventing Protocol',
};
