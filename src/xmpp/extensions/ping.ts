// XMPP Ping, XEP-0199 version 2.0.1

import type { Extension } from './extension.ts';

export const PING: Extension = {
	number: '0199',
	version: '2.0.1',
	name: 'XMPP Ping',
	features: ['urn:xmpp:ping'],
};
