import { JXT } from 'stanza';
import { OMEMO_NAMESPACE } from '../core/omemo-element.ts';

/** Kinds of messages that mean something to their reader, but have no text that can be shown here. */
export type Unreadable =
	/** encrypted: with OMEMO from version 0.4 on, in ways of others, or so that only the hint of it is left */
	| 'omemo-2'
	| 'openpgp'
	| 'otr'
	| 'unknown-encryption'
	| 'not-encrypted'
	/** a call that begins (XEP-0353), an invitation to a room (XEP-0249, XEP-0045 section 7.8), a file (XEP-0447) */
	| 'call'
	| 'invitation'
	| 'file';

const element = (
	namespace: string,
	name: string,
	path: string,
	attribute: string,
): JXT.DefinitionOptions => ({
	namespace,
	element: name,
	path: `message.${path}`,
	fields: { [attribute]: JXT.attribute(attribute), isThere: alwaysTrue },
});

/** An element may have no attribute at all. */
const alwaysTrue: JXT.FieldDefinition<boolean> = {
	importer: () => true,
	exporter: () => undefined,
};

/** Elements of them that stanza does not read. */
export const UNREADABLE_ELEMENTS: JXT.DefinitionOptions[] = [
	element('urn:xmpp:omemo:2', 'encrypted', 'omemo2', 'id'),
	element('urn:xmpp:omemo:1', 'encrypted', 'omemo1', 'id'),
	element('urn:xmpp:openpgp:0', 'openpgp', 'openpgp', 'id'),
	element('jabber:x:encrypted', 'x', 'legacyOpenpgp', 'id'),
	element('urn:xmpp:jingle-message:0', 'propose', 'callProposal', 'id'),
	element('jabber:x:conference', 'x', 'directInvitation', 'jid'),
	element('urn:xmpp:sfs:0', 'file-sharing', 'sharedFile', 'id'),
	{
		namespace: 'http://jabber.org/protocol/muc#user',
		element: 'x',
		path: 'message.muc',
		fields: { inviter: JXT.childAttribute(null, 'invite', 'from') },
	},
];

/** Names of encryptions (XEP-0380 section 3), by namespace. */
const ENCRYPTIONS: Partial<Record<string, Unreadable>> = {
	'urn:xmpp:omemo:0': 'omemo-2',
	'urn:xmpp:omemo:1': 'omemo-2',
	'urn:xmpp:omemo:2': 'omemo-2',
	'urn:xmpp:openpgp:0': 'openpgp',
	'jabber:x:encrypted': 'openpgp',
	'urn:xmpp:otr:0': 'otr',
	[OMEMO_NAMESPACE]: 'not-encrypted',
};

/** Of a message without an encrypted part that is ours; undefined for what is read as it is. */
export function readUnreadable(raw: Record<string, unknown>): Unreadable | undefined {
	const is = (path: string) => raw[path] !== undefined;
	if (is('omemo2') || is('omemo1')) return 'omemo-2';
	if (is('openpgp') || is('legacyOpenpgp')) return 'openpgp';
	const method = raw['encryptionMethod'];
	if (typeof method === 'object' && method !== null) {
		const { id, name } = method as Record<string, unknown>;
		if (typeof id === 'string' || typeof name === 'string')
			return ENCRYPTIONS[`${id}`] ?? 'unknown-encryption';
	}
	if (is('directInvitation')) return 'invitation';
	if (raw['body'] !== undefined) return undefined;
	if (is('callProposal')) return 'call';
	return is('sharedFile') ? 'file' : undefined;
}

/** The bare or full address of who invites to a room, which the room says (XEP-0045 section 7.8.2). */
export function readInviter({ muc }: Record<string, unknown>): string | undefined {
	if (typeof muc !== 'object' || muc === null) return undefined;
	const { inviter } = muc as Record<string, unknown>;
	return typeof inviter === 'string' && inviter !== '' ? inviter : undefined;
}
