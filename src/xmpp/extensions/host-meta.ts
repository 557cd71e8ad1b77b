// Discovering Alternative XMPP Connection Methods, XEP-0156 version 1.4.0

import type { Extension } from './extension.ts';

export const HOST_META: Extension = {
	number: '0156',
	version: '1.4.0',
	name: 'Discovering Alternative XMPP Connection Methods',
	onlyPart: 'WebSocket',
};
