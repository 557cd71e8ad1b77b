import { EXTENSIONS } from './extensions/index.ts';
import type { OutgoingMessage } from './message.ts';
import { present } from './untrusted.ts';

/** A message as stanza sends it. The same one gives the same stanza, as often as it is sent. */
export function writeMessage(message: OutgoingMessage) {
	const { id, to, encrypted } = message;
	// An extension may put another text in its place, for those who do not know it.
	const body = encrypted === undefined ? message.body : undefined;
	const parts = EXTENSIONS.map(({ write }) => write?.(message) ?? {});
	return {
		id,
		to,
		type: 'chat' as const,
		...present('body', body),
		...(Object.assign({}, ...parts) as object),
	};
}
