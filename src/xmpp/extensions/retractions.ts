// Message Retraction, XEP-0424 version 0.4.2

import { JXT } from 'stanza';
import { fields, idOf, present } from '../untrusted.ts';
import type { Extension, RawMessage } from './extension.ts';

export const RETRACTION_NAMESPACE = 'urn:xmpp:message-retract:1';

/** Text for clients that cannot retract (section 5). */
const FALLBACK =
	'An earlier message was taken back by its sender. Your client does not support that.';

/** Retractions by moderators belong to rooms (XEP-0425). */
function readRetraction(raw: RawMessage): string | undefined {
	const [now, before] = [fields(raw['retract']), fields(raw['applyTo'])];
	if (now['isModerated'] === true) return undefined;
	return idOf(now['id']) ?? (before['isRetraction'] === true ? idOf(before['id']) : undefined);
}

export const RETRACTIONS: Extension = {
	number: '0424',
	version: '0.4.2',
	name: 'Message Retraction',
	note: 'version 0.3.0, of before 2023, is read too',
	features: [RETRACTION_NAMESPACE],
	definitions: [
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
	],
	read: (raw) => present('retracts', readRetraction(raw)),
	write({ retracts, encrypted }) {
		if (retracts === undefined) return {};
		return { retract: { id: retracts }, ...(encrypted === undefined ? { body: FALLBACK } : {}) };
	},
};
