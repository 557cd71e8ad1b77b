// Message Replies, XEP-0461 version 0.2.1

import { JXT } from 'stanza';
import { fields, idOf, present } from '../untrusted.ts';
import type { Extension } from './extension.ts';

/** Also what a fallback names that stands for one (XEP-0428 section 2). */
export const REPLY_NAMESPACE = 'urn:xmpp:reply:0';

export const REPLIES: Extension = {
	number: '0461',
	version: '0.2.1',
	name: 'Message Replies',
	features: [REPLY_NAMESPACE],
	definitions: [
		{
			namespace: REPLY_NAMESPACE,
			element: 'reply',
			path: 'message.reply',
			fields: { to: JXT.attribute('to'), id: JXT.attribute('id') },
		},
	],
	read: ({ reply }) => present('replyTo', idOf(fields(reply)['id'])),
	write: ({ replyTo }) =>
		replyTo === undefined ? {} : { reply: { to: replyTo.author, id: replyTo.id } },
};
