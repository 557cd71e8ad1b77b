// User Nickname, XEP-0172 version 1.1

import type { Extension } from './extension.ts';

export const NICKNAMES: Extension = {
	number: '0172',
	version: '1.1',
	name: 'User Nickname',
	features: ['http://jabber.org/protocol/nick', 'http://jabber.org/protocol/nick+notify'],
};
