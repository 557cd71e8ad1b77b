// Service Discovery, XEP-0030 version 2.5.0

import type { Extension } from './extension.ts';

export const SERVICE_DISCOVERY: Extension = {
	number: '0030',
	version: '2.5.0',
	name: 'Service Discovery',
	features: ['http://jabber.org/protocol/disco#info'],
};
