import { redactAesgcmUris } from './aesgcm-uri.ts';

/** A piece of a message's text: plain, or an address that may be opened. */
export type TextPart =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'link'; readonly text: string; readonly href: string };

const LINK = /\b(?:https?|xmpp|mailto|geo):[^\s<>"\p{C}]+/giu;
/** What ends a sentence, not a link. */
const TRAILING = /[.,;:!?'")\]}»”’]+$/u;
const MAX_LINKS = 100;

/** A text in its parts, links found; never an aesgcm one, whose key is taken out. */
export function textParts(text: string): TextPart[] {
	const shown = redactAesgcmUris(text);
	const parts: TextPart[] = [];
	let end = 0;
	for (const match of [...shown.matchAll(LINK)].slice(0, MAX_LINKS)) {
		const href = match[0].replace(TRAILING, '');
		if (!URL.canParse(href)) continue;
		if (match.index > end) parts.push({ kind: 'text', text: shown.slice(end, match.index) });
		parts.push({ kind: 'link', text: href, href });
		end = match.index + href.length;
	}
	if (end < shown.length) parts.push({ kind: 'text', text: shown.slice(end) });
	return parts;
}
