import { cutText } from './cut-text.ts';
import { replaceInvisible } from './visible-text.ts';

/** Characters of an answer that are looked at. */
const MAX_ANSWER = 16_384;
/** Elements whose content nobody reads. */
const UNREAD = /^<(?:script|style)\b/i;
const ENTITIES: Readonly<Record<string, string>> = {
	...{ '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&#39;': "'", '&amp;': '&' },
};
const ENTITY = /&(?:lt|gt|quot|apos|#39|amp);/g;

/**
 * What an HTTP host answers, in words and in one line of at most `max` characters: pages of servers are HTML, errors of stores
 * XML, and some are neither. It is only shown, never understood.
 */
export function wordsOfAnswer(answer: string, max: number): string {
	const words = withoutTags(answer.slice(0, MAX_ANSWER))
		.replace(ENTITY, (entity) => ENTITIES[entity] ?? '')
		.replace(/\s+/gu, ' ');
	return cutText(replaceInvisible(words, '').trim(), max);
}

function withoutTags(text: string): string {
	const parts: string[] = [];
	for (let at = 0; at < text.length; ) {
		const open = text.indexOf('<', at);
		const close = open < 0 ? -1 : text.indexOf('>', open);
		if (close < 0) {
			parts.push(text.slice(at));
			break;
		}
		parts.push(text.slice(at, open), ' ');
		at = close + 1;
		if (!UNREAD.test(text.slice(open, open + 8))) continue;
		const end = text.indexOf('</', at);
		at = end < 0 ? text.length : end;
	}
	return parts.join('');
}
