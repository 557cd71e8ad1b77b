import { redactAesgcmUris } from './aesgcm-uri.ts';
import { type TextPart, textParts } from './text-parts.ts';

/** A text with its style (XEP-0393 version 1.1.1); `mark` is what styles it, which stays visible. */
export type StyledPart =
	| TextPart
	| { readonly kind: 'mark'; readonly text: string }
	| {
			readonly kind: 'strong' | 'emphasis' | 'struck' | 'code' | 'block' | 'quote';
			readonly parts: readonly StyledPart[];
	  };

const SPANS = { '*': 'strong', _: 'emphasis', '~': 'struck', '`': 'code' } as const;
const FENCE = '```';
/** Quotes in quotes, and spans in spans, that are looked for. */
const MOST_DEPTH = 4;

/** A text in its parts: blocks, quotes and spans, and links in them; never an aesgcm one, whose key is taken out. */
export function styledText(text: string): StyledPart[] {
	// Before it is cut: a mark inside of a link must not hide it.
	return blocks(redactAesgcmUris(text).split('\n'), 0);
}

/** XEP-0393 section 5. */
function blocks(lines: readonly string[], depth: number): StyledPart[] {
	const parts: StyledPart[] = [];
	let isAfterLine = false;
	for (let at = 0; at < lines.length; ) {
		const line = lines[at] ?? '';
		if (line.startsWith(FENCE)) {
			const close = lines.findIndex((other, index) => index > at && other === FENCE);
			const end = close < 0 ? lines.length : close + 1;
			const inner = lines.slice(at + 1, close < 0 ? end : close).join('\n');
			parts.push({ kind: 'block', parts: [{ kind: 'text', text: inner }] });
			at = end;
			isAfterLine = false;
		} else if (line.startsWith('>') && depth < MOST_DEPTH) {
			let end = at;
			while (lines[end]?.startsWith('>')) end += 1;
			const inner = lines.slice(at, end).map((other) => other.replace(/^>\s?/u, ''));
			parts.push({ kind: 'quote', parts: blocks(inner, depth + 1) });
			at = end;
			isAfterLine = false;
		} else {
			if (isAfterLine) parts.push({ kind: 'text', text: '\n' });
			parts.push(...spans(line, 0));
			at += 1;
			isAfterLine = true;
		}
	}
	return parts;
}

/** XEP-0393 section 6. */
function spans(line: string, depth: number): StyledPart[] {
	const parts: StyledPart[] = [];
	/** marks that nothing closes any more: a hostile line is not searched again for each of them */
	const open = new Set<string>();
	let plain = 0;
	for (let at = 0; at < line.length; at++) {
		const mark = line[at] as keyof typeof SPANS;
		if (!(mark in SPANS) || depth === MOST_DEPTH || open.has(mark)) continue;
		if (!isBlank(line, at - 1) || isBlank(line, at + 1)) continue;
		const close = closing(line, mark, at);
		if (close === undefined) {
			open.add(mark);
			continue;
		}
		const inner = line.slice(at + 1, close);
		parts.push(...textParts(line.slice(plain, at)), {
			kind: SPANS[mark],
			parts: [
				{ kind: 'mark', text: mark },
				...(mark === '`' ? [{ kind: 'text' as const, text: inner }] : spans(inner, depth + 1)),
				{ kind: 'mark', text: mark },
			],
		});
		at = close;
		plain = close + 1;
	}
	return [...parts, ...textParts(line.slice(plain))];
}

/** Where the span ends that begins at a mark, if it does. */
function closing(line: string, mark: string, at: number): number | undefined {
	for (let end = at + 2; end < line.length; end++)
		if (line[end] === mark && !isBlank(line, end - 1)) return end;
	return undefined;
}

/** Also before the start, and after the end. */
function isBlank(line: string, index: number): boolean {
	return /^\s?$/u.test(line[index] ?? '');
}
