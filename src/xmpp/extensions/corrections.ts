// Last Message Correction, XEP-0308 version 1.2.1

import { idOf, present } from '../untrusted.ts';
import type { Extension } from './extension.ts';

export const CORRECTIONS: Extension = {
	number: '0308',
	version: '1.2.1',
	name: 'Last Message Correction',
	features: ['urn:xmpp:message-correct:0'],
	read: ({ replace }) => present('replaces', idOf(replace)),
	write: ({ replaces }) => present('replace', replaces),
};
