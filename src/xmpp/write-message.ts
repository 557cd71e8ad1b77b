import { EXTENSIONS } from './extensions/index.ts';
import type { OutgoingMessage } from './message.ts';

/** What clients show that cannot decrypt (XEP-0384 version 0.3.0 section 4.4). */
const FALLBACK =
	'This message is encrypted with OMEMO, which this client does not seem to support.';
/** The same for what takes a message back (XEP-0424 section 5). */
const RETRACTION_FALLBACK =
	'An earlier message was taken back by its sender. Your client does not support that.';

/** A message as stanza sends it. The same one gives the same stanza, as often as it is sent. */
export function writeMessage(message: OutgoingMessage) {
	const { id, to, encrypted, retracts } = message;
	const body = retracts === undefined ? message.body : RETRACTION_FALLBACK;
	const shown = encrypted === undefined ? body : encrypted.payload && FALLBACK;
	const parts = EXTENSIONS.map(({ write }) => write?.(message) ?? {});
	return {
		id,
		to,
		type: 'chat' as const,
		...(shown === undefined ? {} : { body: shown }),
		...(Object.assign({}, ...parts) as object),
	};
}
