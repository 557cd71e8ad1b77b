import { OMEMO_NAMESPACE, type OmemoElement } from '../core/omemo-element.ts';
import type { OutgoingMessage } from './message.ts';
import { REPLY_NAMESPACE, RETRACTION_NAMESPACE } from './message-extensions.ts';
import { stanzaBytes } from './stanza-bytes.ts';

/** What clients show that cannot decrypt (XEP-0384 version 0.3.0 section 4.4). */
const FALLBACK =
	'This message is encrypted with OMEMO, which this client does not seem to support.';
/** The same for what takes a message back (XEP-0424 section 5). */
const RETRACTION_FALLBACK =
	'An earlier message was taken back by its sender. Your client does not support that.';

/** A message as stanza sends it. The same one gives the same stanza, as often as it is sent. */
export function writeMessage(message: OutgoingMessage) {
	const { id, to, encrypted, chatState, receiptFor, displayedId } = message;
	const { replaces, replyTo, replyFallback, reactions, retracts } = message;
	const body = retracts === undefined ? message.body : RETRACTION_FALLBACK;
	const shown = encrypted === undefined ? body : encrypted.payload && FALLBACK;
	const fallbacks = [
		...(replyFallback === undefined
			? []
			: [{ for: REPLY_NAMESPACE, start: 0, end: replyFallback }]),
		...(retracts === undefined ? [] : [{ for: RETRACTION_NAMESPACE }]),
	];
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
		...(replaces === undefined ? {} : { replace: replaces }),
		...(replyTo === undefined ? {} : { reply: { to: replyTo.author, id: replyTo.id } }),
		...(fallbacks.length === 0 ? {} : { fallbacks }),
		...(reactions === undefined
			? {}
			: { reactions: { id: reactions.id, emojis: [...reactions.emojis] } }),
		...(retracts === undefined ? {} : { retract: { id: retracts } }),
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
		// Where there is nothing to read, it makes Dino show a line.
		...(payload === undefined ? {} : { encryptionMethod: { id: OMEMO_NAMESPACE, name: 'OMEMO' } }),
	};
}
