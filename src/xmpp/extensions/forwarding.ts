// Stanza Forwarding, XEP-0297 version 1.0

import type { Line } from '../line.ts';
import type { IncomingMessage } from '../message.ts';
import { fields, present } from '../untrusted.ts';
import { readDelay } from './delays.ts';
import type { Extension } from './extension.ts';

/**
 * Reads what stanza made of a `<forwarded>`; undefined if there is no message between two people in it. Whose word it is,
 * the caller knows. What names no time came now.
 */
export function readForwarded(
	line: Pick<Line, 'now' | 'readMessage'>,
	forwarded: unknown,
	archiveId?: string,
): IncomingMessage | undefined {
	const { message, delay } = fields(forwarded);
	const time = readDelay(delay) ?? line.now();
	return line.readMessage(message, { time, ...present('archiveId', archiveId) });
}

export const FORWARDING: Extension = {
	number: '0297',
	version: '1.0',
	name: 'Stanza Forwarding',
	onlyPart: 'in carbons and in the archive',
};
