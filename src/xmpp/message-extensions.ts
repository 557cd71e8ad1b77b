import { JXT } from 'stanza';
import { UNREADABLE_ELEMENTS } from './read-unreadable.ts';

/** What the fallback of a reply is for (XEP-0428 section 2). */
export const REPLY_NAMESPACE = 'urn:xmpp:reply:0';
export const RETRACTION_NAMESPACE = 'urn:xmpp:message-retract:1';

/**
 * What stanza does not know of messages: replies (XEP-0461), what of a body stands in for them (XEP-0428), reactions
 * (XEP-0444) and retractions (XEP-0424), also as they were until 2023 (version 0.3.0). What moderators take back is of rooms
 * (XEP-0425).
 */
export const MESSAGE_EXTENSIONS: JXT.DefinitionOptions[] = [
	{
		namespace: REPLY_NAMESPACE,
		element: 'reply',
		path: 'message.reply',
		fields: { to: JXT.attribute('to'), id: JXT.attribute('id') },
	},
	{
		namespace: 'urn:xmpp:fallback:0',
		element: 'fallback',
		aliases: [{ path: 'message.fallbacks', multiple: true }],
		fields: {
			for: JXT.attribute('for'),
			start: JXT.childIntegerAttribute(null, 'body', 'start'),
			end: JXT.childIntegerAttribute(null, 'body', 'end'),
		},
	},
	{
		namespace: 'urn:xmpp:reactions:0',
		element: 'reactions',
		path: 'message.reactions',
		fields: { id: JXT.attribute('id'), emojis: JXT.multipleChildText(null, 'reaction') },
	},
	{
		namespace: RETRACTION_NAMESPACE,
		element: 'retract',
		path: 'message.retract',
		fields: {
			id: JXT.attribute('id'),
			isModerated: JXT.childBoolean('urn:xmpp:message-moderate:1', 'moderated'),
		},
	},
	{
		namespace: 'urn:xmpp:fasten:0',
		element: 'apply-to',
		path: 'message.applyTo',
		fields: {
			id: JXT.attribute('id'),
			isRetraction: JXT.childBoolean('urn:xmpp:message-retract:0', 'retract'),
		},
	},
	...UNREADABLE_ELEMENTS,
];
