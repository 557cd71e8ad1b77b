// User Avatar, XEP-0084 version 1.1.4

import type { Extension } from './extension.ts';

export const AVATARS: Extension = {
	number: '0084',
	version: '1.1.4',
	name: 'User Avatar',
	features: ['urn:xmpp:avatar:metadata+notify'],
};
