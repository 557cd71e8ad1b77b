// OMEMO Encryption, XEP-0384 version 0.3.0

import { OMEMO_NAMESPACE, type OmemoElement } from '../../core/omemo-element.ts';
import { readOmemoElement } from '../omemo-wire.ts';
import { stanzaBytes } from '../stanza-bytes.ts';
import { present } from '../untrusted.ts';
import type { Extension } from './extension.ts';

/** An `<encrypted>` as stanza writes it. */
function writeOmemoElement({ sid, iv, keys, payload }: OmemoElement): object {
	return {
		header: {
			sid,
			iv: stanzaBytes(iv),
			keys: keys.map(({ rid, isPreKey, bytes }) => ({
				rid,
				...(isPreKey ? { preKey: true } : {}),
				value: stanzaBytes(bytes),
			})),
		},
		...(payload === undefined ? {} : { payload: stanzaBytes(payload) }),
	};
}

export const OMEMO: Extension = {
	number: '0384',
	version: '0.3.0',
	name: 'OMEMO Encryption',
	features: [OMEMO_NAMESPACE, `${OMEMO_NAMESPACE}.devicelist+notify`],
	read: ({ omemo }) => present('encrypted', readOmemoElement(omemo)),
	write: ({ encrypted }) =>
		encrypted === undefined ? {} : { omemo: writeOmemoElement(encrypted) },
};
