// Delayed Delivery, XEP-0203 version 2.0

import type { Extension } from './extension.ts';

export const DELAYS: Extension = {
	number: '0203',
	version: '2.0',
	name: 'Delayed Delivery',
	features: ['urn:xmpp:delay'],
};
