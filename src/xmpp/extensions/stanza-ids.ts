// Unique and Stable Stanza IDs, XEP-0359 version 0.7.0

import { fields, idOf, present } from '../untrusted.ts';
import type { Extension } from './extension.ts';

/** The id that our own server gave; others may claim anything (section 5). */
function readArchiveId(ids: unknown, account: string): string | undefined {
	const list = Array.isArray(ids) ? ids.map(fields) : [];
	return idOf(list.find(({ by }) => by === account)?.['id']);
}

export const STANZA_IDS = {
	number: '0359',
	version: '0.7.0',
	name: 'Unique and Stable Stanza IDs',
	features: ['urn:xmpp:sid:0'],
	read: ({ originId, stanzaIds }, account) => ({
		...present('originId', idOf(originId)),
		...present('archiveId', readArchiveId(stanzaIds, account)),
	}),
	write: ({ id }) => ({ originId: id }),
} satisfies Extension;
