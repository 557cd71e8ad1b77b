import { OMEMO_NAMESPACE, type OmemoElement } from '../core/omemo-element.ts';
import type { OutgoingMessage } from './message.ts';
import { stanzaBytes } from './stanza-bytes.ts';

/** What clients show that cannot decrypt (XEP-0384 version 0.3.0 section 4.4). */
const FALLBACK =
	'This message is encrypted with OMEMO, which this client does not seem to support.';

/** A message as stanza sends it. The same one gives the same stanza, as often as it is sent. */
export function writeMessage(message: OutgoingMessage) {
	const { id, to, body, encrypted, chatState, receiptFor, displayedId } = message;
	const shown = encrypted === undefined ? body : encrypted.payload && FALLBACK;
	return {
		id,
		originId: id,
		to,
		type: 'chat' as const,
		...(shown === undefined ? {} : { body: shown }),
		...(encrypted === undefined ? {} : encryption(encrypted)),
		...(message.wantsReceipt ? { receipt: { type: 'request' as const } } : {}),
		...(message.isMarkable ? { marker: { type: 'markable' as const } } : {}),
		...(receiptFor === undefined ? {} : { receipt: { type: 'received' as const, id: receiptFor } }),
		...(displayedId === undefined
			? {}
			: { marker: { type: 'displayed' as const, id: displayedId } }),
		...(chatState === undefined ? {} : { chatState }),
		processingHints: message.store ? { store: true } : { noStore: true },
	};
}

function encryption({ sid, iv, keys, payload }: OmemoElement) {
	return {
		omemo: {
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
		},
		encryptionMethod: { id: OMEMO_NAMESPACE, name: 'OMEMO' },
	};
}
