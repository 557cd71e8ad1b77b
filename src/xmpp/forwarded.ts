// Stanza Forwarding, XEP-0297 version 1.0

import type { IncomingMessage } from './message.ts';
import { readMessage } from './read-message.ts';

/**
 * Reads what stanza made of a `<forwarded>`; undefined if there is no message between two people in it. Whose word it is,
 * the caller knows. What names no time came now.
 */
export function readForwarded(
	forwarded: unknown,
	account: string,
	now: number,
	archiveId?: string,
): IncomingMessage | undefined {
	const { message, delay } = (forwarded ?? {}) as {
		message?: unknown;
		delay?: { timestamp?: unknown };
	};
	const stamp = delay?.timestamp;
	const time = stamp instanceof Date && Number.isFinite(stamp.getTime()) ? stamp.getTime() : now;
	return readMessage(message, account, now, {
		time,
		...(archiveId === undefined ? {} : { archiveId }),
	});
}
