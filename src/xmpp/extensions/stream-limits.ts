// Stream Limits Advertisement, XEP-0478 version 0.2.0

import { type Agent, JXT } from 'stanza';
import { DEFAULT_STANZA_LIMIT } from '../default-stanza-limit.ts';
import type { Extension } from './extension.ts';

/** Bytes that every server takes (RFC 6120 section 13.12). */
const MIN_LIMIT = 10_000;
/** Bytes above which a limit is none: nothing that is said is as long. */
const MAX_LIMIT = 16_777_216;

/** Follows what a server says of its limits; gives the bytes that a stanza may have just now. */
export function followStreamLimits(agent: Agent): () => number {
	let most = DEFAULT_STANZA_LIMIT;
	// They may differ before and after signing in: those that come last count.
	agent.on('features', (features) => {
		const { limits } = features as { limits?: { maxBytes?: unknown } };
		most = readLimit(limits?.maxBytes);
	});
	return () => most;
}

function readLimit(value: unknown): number {
	if (!Number.isSafeInteger(value) || Number(value) <= 0) return DEFAULT_STANZA_LIMIT;
	return Math.min(Math.max(Number(value), MIN_LIMIT), MAX_LIMIT);
}

export const LIMITS: Extension = {
	number: '0478',
	version: '0.2.0',
	name: 'Stream Limits Advertisement',
	// stanza 12.22 does not know it.
	definitions: [
		{
			namespace: 'urn:xmpp:stream-limits:0',
			element: 'limits',
			path: 'features.limits',
			fields: { maxBytes: JXT.childInteger(null, 'max-bytes') },
		},
	],
};
