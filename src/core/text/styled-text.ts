import { redactAesgcmUris } from '../links/aesgcm-uri.ts';
import { isQuoteLine } from './quote.ts';
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
const MAX_DEPTH = 4;
/** Quotes, blocks, spans and links of one text; what comes behind them is plain: each is an element of the page, or more. */
const MAX_STYLES = 500;

/** How many styles a text may still have. */
interface Budget {
	left: number;
}

/** A text in its parts: blocks, quotes and spans, and links in them; never an aesgcm one, whose key is taken out. */
export function styledText(text: string): StyledPart[] {
	// Before it is cut: a mark inside of a link must not hide it.
	return blocks(redactAesgcmUris(text).split('\n'), 0, { left: MAX_STYLES });
}

/** XEP-0393 section 5. */
function blocks(lines: readonly string[], depth: number, budget: Budget): StyledPart[] {
	const parts: StyledPart[] = [];
	let isAfterLine = false;
	for (let at = 0; at < lines.length; ) {
		const line = lines[at] ?? '';
		if (budget.left === 0) {
			add(parts, isAfterLine ? '\n' : '', lines.slice(at).join('\n'));
			break;
		}
		if (line.startsWith(FENCE)) {
			const close = lines.indexOf(FENCE, at + 1);
			const end = close < 0 ? lines.length : close;
			// Words behind the fence are words, too, whatever they may mean to a program.
			const first = line === FENCE ? [] : [line.slice(FENCE.length)];
			const inner = [...first, ...lines.slice(at + 1, end)].join('\n');
			parts.push({ kind: 'block', parts: [{ kind: 'text', text: inner }] });
			budget.left -= 1;
			at = end + 1;
			isAfterLine = false;
		} else if (isQuoteLine(line) && depth < MAX_DEPTH) {
			let end = at;
			while (isQuoteLine(lines[end] ?? '')) end += 1;
			const inner = lines.slice(at, end).map((other) => other.replace(/^>\s?/u, ''));
			budget.left -= 1;
			parts.push({ kind: 'quote', parts: blocks(inner, depth + 1, budget) });
			at = end;
			isAfterLine = false;
		} else {
			add(parts, isAfterLine ? '\n' : '', ...spans(line, 0, budget));
			at += 1;
			isAfterLine = true;
		}
	}
	return parts;
}

/** XEP-0393 section 6. */
function spans(line: string, depth: number, budget: Budget): StyledPart[] {
	const parts: StyledPart[] = [];
	/** marks that nothing closes any more: a hostile line is not searched again for each of them */
	const open = new Set<string>();
	let plain = 0;
	for (let at = 0; at < line.length && budget.left > 0; at++) {
		const mark = line.charAt(at) as keyof typeof SPANS;
		if (!(mark in SPANS) || depth === MAX_DEPTH || open.has(mark)) continue;
		if (!isBlank(line, at - 1) || isBlank(line, at + 1)) continue;
		const close = closing(line, mark, at);
		if (close === undefined) {
			open.add(mark);
			continue;
		}
		const inner = line.slice(at + 1, close);
		add(parts, ...links(line.slice(plain, at), budget));
		if (budget.left === 0) {
			plain = at;
			break;
		}
		budget.left -= 1;
		parts.push({
			kind: SPANS[mark],
			parts: [
				{ kind: 'mark', text: mark },
				...(mark === '`'
					? [{ kind: 'text' as const, text: inner }]
					: spans(inner, depth + 1, budget)),
				{ kind: 'mark', text: mark },
			],
		});
		at = close;
		plain = close + 1;
	}
	add(parts, ...links(line.slice(plain), budget));
	return parts;
}

function links(text: string, budget: Budget): TextPart[] {
	const parts = textParts(text, budget.left);
	budget.left -= parts.filter(({ kind }) => kind === 'link').length;
	return parts;
}

/** Adds parts, and joins plain text to plain text: each part is a node of the page. */
function add(parts: StyledPart[], ...more: readonly (StyledPart | string)[]): void {
	for (const one of more) {
		const part = typeof one === 'string' ? ({ kind: 'text', text: one } as const) : one;
		const last = parts.at(-1);
		if (part.kind !== 'text') parts.push(part);
		else if (last?.kind === 'text')
			parts[parts.length - 1] = { ...last, text: last.text + part.text };
		else if (part.text !== '') parts.push(part);
	}
}

/** Where the span ends that begins at a mark, if it does. */
function closing(line: string, mark: string, at: number): number | undefined {
	for (let end = at + 2; end < line.length; end++)
		if (line.charAt(end) === mark && !isBlank(line, end - 1)) return end;
	return undefined;
}

/** Also before the start, and after the end. */
function isBlank(line: string, index: number): boolean {
	return line.charAt(index).trim() === '';
}
