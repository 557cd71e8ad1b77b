// Fallback Indication, XEP-0428 version 0.2.1

import { JXT } from 'stanza';
import type { IncomingMessage } from '../message.ts';
import { fields, present } from '../untrusted.ts';
import type { Extension } from './extension.ts';
import { REPLY_NAMESPACE } from './replies.ts';
import { RETRACTION_NAMESPACE } from './retractions.ts';

const MAX_FALLBACKS = 10;
/** Code points of a body. */
const MAX_OFFSET = 100_000;

function readReplyFallback(value: unknown): IncomingMessage['replyFallback'] {
	const list = Array.isArray(value) ? value.slice(0, MAX_FALLBACKS).map(fields) : [];
	const { start = 0, end } = list.find((entry) => entry['for'] === REPLY_NAMESPACE) ?? {};
	if (!isOffset(start) || !isOffset(end) || end <= start) return undefined;
	return { start, end };
}

function isOffset(value: unknown): value is number {
	return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_OFFSET;
}

export const FALLBACKS: Extension = {
	number: '0428',
	version: '0.2.1',
	name: 'Fallback Indication',
	onlyPart: 'of replies and retractions',
	features: ['urn:xmpp:fallback:0'],
	definitions: [
		{
			namespace: 'urn:xmpp:fallback:0',
			element: 'fallback',
			aliases: [{ path: 'message.fallbacks', multiple: true }],
			fields: {
				for: JXT.attribute('for'),
				start: JXT.childIntegerAttribute(null, 'body', 'start'),
				end: JXT.childIntegerAttribute(null, 'body', 'end'),
			},
		},
	],
	read: (raw) => present('replyFallback', readReplyFallback(raw['fallbacks'])),
	write({ replyFallback, retracts }) {
		const fallbacks = [
			...(replyFallback === undefined
				? []
				: [{ for: REPLY_NAMESPACE, start: 0, end: replyFallback }]),
			...(retracts === undefined ? [] : [{ for: RETRACTION_NAMESPACE }]),
		];
		return fallbacks.length === 0 ? {} : { fallbacks };
	},
};
