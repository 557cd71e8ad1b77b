// Chat State Notifications, XEP-0085 version 2.1

import type { ChatState } from '../message.ts';
import { present } from '../untrusted.ts';
import type { Extension } from './extension.ts';

const STATES: readonly unknown[] = ['active', 'composing', 'paused', 'inactive', 'gone'];

export const CHAT_STATES: Extension = {
	number: '0085',
	version: '2.1',
	name: 'Chat State Notifications',
	features: ['http://jabber.org/protocol/chatstates'],
	read: ({ chatState }) =>
		present('chatState', STATES.includes(chatState) ? (chatState as ChatState) : undefined),
	write: ({ chatState }) => present('chatState', chatState),
};
