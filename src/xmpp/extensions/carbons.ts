// Message Carbons, XEP-0280 version 1.0.1

import { bareOf } from '../../core/links/address.ts';
import type { Line } from '../line.ts';
import type { IncomingMessage } from '../message.ts';
import { fields } from '../untrusted.ts';
import type { Extension } from './extension.ts';
import { readForwarded } from './forwarding.ts';

/**
 * Reads what a carbon copies. undefined for nothing, and for forgeries: only our own server sends carbons, in the name of our
 * bare address (section 11). What says that it was sent must be our own.
 */
export function readCarbon(
	line: Line,
	from: unknown,
	carbon: unknown,
): IncomingMessage | undefined {
	if (typeof from !== 'string' || from.includes('/') || bareOf(from) !== line.own) return undefined;
	const { type, forward } = fields(carbon);
	const message = readForwarded(line, forward);
	return type === 'sent' && message?.isOwn === false ? undefined : message;
}

export const CARBONS: Extension = {
	number: '0280',
	version: '1.0.1',
	name: 'Message Carbons',
	begin({ agent }) {
		agent.enableCarbons().catch(() => undefined);
	},
};
