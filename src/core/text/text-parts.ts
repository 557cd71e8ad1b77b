import { redactAesgcmUris } from '../links/aesgcm-uri.ts';

/** A piece of a message's text: plain, or an address that may be opened. */
export type TextPart =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'link'; readonly text: string; readonly href: string };

const SCHEME = /\b(?:https?:\/\/|xmpp:|mailto:|geo:)/gi;
/** No link goes on behind a blank, a bracket of markup, or what cannot be seen; but joiners are letters of some words. */
const END = /[\s<>"]|(?![\u200C\u200D])\p{C}/u;
/** Brackets, each with the one that it closes: it belongs to a link that opened it. */
const CLOSING: Readonly<Record<string, string>> = {
	...{ ')': '(', ']': '[', '}': '{', '»': '«', '”': '“' },
	...{ '）': '（', '］': '［', '】': '【', '」': '「', '』': '『', '》': '《', '〉': '〈' },
};
const OPENING = new Set(Object.values(CLOSING));
/** Characters that end or begin a sentence and belong to no link. */
const TRAILING = new Set([...".,;:!?'’‘„…。，、！？：；\u200C\u200D", ...OPENING]);
/** Characters of a link: longer ones are no addresses that anybody opens. */
const MAX_LINK = 8192;
const MAX_LINKS = 100;

/** A text in its parts, at most `maxLinks` of them links; never an aesgcm one, whose key is taken out. */
export function textParts(written: string, maxLinks = MAX_LINKS): TextPart[] {
	const text = redactAesgcmUris(written);
	const parts: TextPart[] = [];
	let plain = 0;
	let next = 0;
	let left = maxLinks;
	for (const { index } of text.matchAll(SCHEME)) {
		if (left === 0) break;
		if (index < next) continue;
		next = endOfLink(text, index);
		const href = withoutTrailing(text.slice(index, next));
		if (href.length > MAX_LINK || !isUrl(href)) continue;
		if (index > plain) parts.push({ kind: 'text', text: text.slice(plain, index) });
		parts.push({ kind: 'link', text: href, href });
		plain = index + href.length;
		left -= 1;
	}
	if (plain < text.length) parts.push({ kind: 'text', text: text.slice(plain) });
	return parts;
}

/** Where a link is over at the latest: before a bracket that it did not open, too. */
function endOfLink(text: string, start: number): number {
	const open = new Map<string, number>();
	for (let at = start; at < text.length; ) {
		const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
		if (END.test(character)) return at;
		const opening = CLOSING[character];
		const count = open.get(opening ?? character) ?? 0;
		if (opening !== undefined && count === 0) return at;
		if (opening !== undefined) open.set(opening, count - 1);
		else if (OPENING.has(character)) open.set(character, count + 1);
		at += character.length;
	}
	return text.length;
}

/** URL.canParse of Node 20 refuses Latin-1 letters once it was called often. */
function isUrl(text: string): boolean {
	try {
		return new URL(text) instanceof URL;
	} catch {
		return false;
	}
}

function withoutTrailing(link: string): string {
	let end = link.length;
	while (TRAILING.has(link.charAt(end - 1))) end -= 1;
	return link.slice(0, end);
}
