// Message Carbons, XEP-0280 version 1.0.1

import { bareOf } from '../core/links/address.ts';
import { readForwarded } from './forwarded.ts';
import type { IncomingMessage } from './message.ts';

/**
 * Reads what a carbon copies. undefined for nothing, and for forgeries: only our own server sends carbons, in the name of our
 * bare address (section 11). What says that it was sent must be our own.
 */
export function readCarbon(
	{ from, carbon }: { from?: unknown; carbon?: unknown },
	account: string,
	now: number,
): IncomingMessage | undefined {
	if (typeof from !== 'string' || from.includes('/') || bareOf(from) !== account) return undefined;
	const { type, forward } = (carbon ?? {}) as { type?: unknown; forward?: unknown };
	const message = readForwarded(forward, account, now);
	return type === 'sent' && message?.isOwn === false ? undefined : message;
}
