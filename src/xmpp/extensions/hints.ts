// Message Processing Hints, XEP-0334 version 1.0.0

import type { Extension } from './extension.ts';

export const HINTS: Extension = {
	number: '0334',
	version: '1.0.0',
	name: 'Message Processing Hints',
	write: ({ store }) => ({ processingHints: store ? { store: true } : { noStore: true } }),
};
