// Unique and Stable Stanza IDs, XEP-0359 version 0.7.0

import { idOf, present } from '../untrusted.ts';
import type { Extension } from './extension.ts';

export const STANZA_IDS: Extension = {
	number: '0359',
	version: '0.7.0',
	name: 'Unique and Stable Stanza IDs',
	features: ['urn:xmpp:sid:0'],
	read: ({ originId }) => present('originId', idOf(originId)),
	write: ({ id }) => ({ originId: id }),
};
