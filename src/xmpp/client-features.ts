import { OMEMO_NAMESPACE } from '../core/omemo-element.ts';

/** The node whose changes are pushed to who asks for it (XEP-0060 section 9, XEP-0163 section 4). */
const notified = (node: string) => `${node}+notify`;

/** A client reads the thumbnail that may follow a link (XEP-0454 section 3), which names no feature of its own for that. */
export const THUMBNAIL_FEATURE = 'https://balcony.chat/features/media-thumbnail';

/**
 * What others may know that this client understands (XEP-0115), and what is to be pushed to it. All of it: stanza would
 * promise calls, groups and more in our name.
 */
export const CLIENT_FEATURES: readonly string[] = [
	'http://jabber.org/protocol/caps',
	'http://jabber.org/protocol/chatstates',
	'http://jabber.org/protocol/disco#info',
	THUMBNAIL_FEATURE,
	OMEMO_NAMESPACE,
	notified(`${OMEMO_NAMESPACE}.devicelist`),
	notified('urn:xmpp:avatar:metadata'),
	'http://jabber.org/protocol/nick',
	notified('http://jabber.org/protocol/nick'),
	'urn:xmpp:chat-markers:0',
	'urn:xmpp:delay',
	'urn:xmpp:eme:0',
	'urn:xmpp:fallback:0',
	'urn:xmpp:message-correct:0',
	'urn:xmpp:message-retract:1',
	'urn:xmpp:ping',
	'urn:xmpp:reactions:0',
	'urn:xmpp:receipts',
	'urn:xmpp:reply:0',
	'urn:xmpp:sid:0',
];
