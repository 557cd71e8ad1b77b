// Message Archive Management, XEP-0313 version 1.1.3

import type { Extension } from './extension.ts';

export const ARCHIVE: Extension = {
	number: '0313',
	version: '1.1.3',
	name: 'Message Archive Management',
	onlyPart: 'our own archive, without preferences',
};
