// Delayed Delivery, XEP-0203 version 2.0

import { fields } from '../untrusted.ts';
import type { Extension } from './extension.ts';

/** The time of a delay, milliseconds since the epoch; undefined if it names none. */
export function readDelay(delay: unknown): number | undefined {
	const { timestamp } = fields(delay);
	if (!(timestamp instanceof Date) || !Number.isFinite(timestamp.getTime())) return undefined;
	return timestamp.getTime();
}

export const DELAYS: Extension = {
	number: '0203',
	version: '2.0',
	name: 'Delayed Delivery',
	features: ['urn:xmpp:delay'],
};
