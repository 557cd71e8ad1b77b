// Entity Capabilities, XEP-0115 version 1.6.0

import type { Extension } from './extension.ts';

export const CAPABILITIES: Extension = {
	number: '0115',
	version: '1.6.0',
	name: 'Entity Capabilities',
	features: ['http://jabber.org/protocol/caps'],
};
