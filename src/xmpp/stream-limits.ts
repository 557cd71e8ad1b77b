// Stream Limits Advertisement, XEP-0478 version 0.2.0

import { type Agent, JXT } from 'stanza';

/** What stanza 12.22 lacks to read what a server lets through. */
export const STREAM_LIMITS: JXT.DefinitionOptions = {
	namespace: 'urn:xmpp:stream-limits:0',
	element: 'limits',
	path: 'features.limits',
	fields: { maxBytes: JXT.childInteger(null, 'max-bytes') },
};

/** Bytes of a stanza where the server names no limit: what most servers let through. */
const USUAL = 65_536;
/** Bytes that every server takes (RFC 6120 section 13.12). */
const LEAST = 10_000;
/** Bytes above which a limit is none: nothing that is said is as long. */
const MOST = 16_777_216;

/** Follows what a server says of its limits; gives the bytes that a stanza may have just now. */
export function followStreamLimits(agent: Agent): () => number {
	let most = USUAL;
	// They may differ before and after signing in: those that come last count.
	agent.on('features', (features) => {
		const { limits } = features as { limits?: { maxBytes?: unknown } };
		most = readLimit(limits?.maxBytes);
	});
	return () => most;
}

function readLimit(value: unknown): number {
	if (!Number.isSafeInteger(value) || Number(value) <= 0) return USUAL;
	return Math.min(Math.max(Number(value), LEAST), MOST);
}
