import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textParts } from '../../../../src/core/text/text-parts.ts';

const links = (text: string) =>
	textParts(text)
		.filter(({ kind }) => kind === 'link')
		.map((part) => part.text);

describe('a link', () => {
	it.each([
		'https://en.wikipedia.org/wiki/Mercury_(planet)',
		'https://example.org/a_(b)_(c)',
		'https://example.org/x[1]',
		'https://example.org/(a)/{b}',
		'https://example.org/a_(b_(c))',
		'https://example.org/?q=(a)',
		'https://example.org/*a*',
		'https://example.org/x?y=1&z=%20#part',
		'http://localhost:5280/x',
		'https://192.0.2.1/x',
		'https://münchen.example/straße',
		'https://日本語.example/パス',
		'https://user@example.org/',
		'xmpp:anna@example.org?join',
		'mailto:anna@example.org?subject=hi',
		'geo:37.78,-122.39;u=35',
		'HTTPS://EXAMPLE.ORG/X',
		'https://example.org/«x»',
		'https://fa.wikipedia.org/wiki/می\u200cخواهم',
		'https://example.org/👩\u200d💻',
	])('is found whole, with anything around it: %s', (link) => {
		const around: [string, string][] = [
			['', ''],
			['see ', ' there'],
			['(', ')'],
			['(see ', ').'],
			['[', ']!'],
			['<', '>'],
			['"', '"'],
			['“', '”'],
			['« ', ' »'],
			['', '.'],
			['', '…'],
			['', ')'],
			['', '?!'],
			['', ', and'],
			['', '。'],
			['', '’'],
			['', '\u202e'],
			['', '\u200c'],
		];
		for (const [before, after] of around) expect(links(before + link + after)).toEqual([link]);
	});

	it.each([
		'http:',
		'http:!!!',
		'http://',
		'xmpp:',
		'javascript:alert(1)',
		'data:text/html,x',
		'file:///etc/passwd',
		'example.org',
		'anna@example.org',
		'#tag @name',
		'https:// example.org',
		'https://\u202egro.example',
		`https://example.org/${'a'.repeat(10_000)}`,
	])('is not found in %j', (text) => {
		expect(links(text)).toEqual([]);
	});

	it.each([
		['https://a.example/x)y', 'https://a.example/x'],
		['https://a.example/x).And https://b.example', 'https://a.example/x', 'https://b.example'],
		['（https://a.example/x）然后', 'https://a.example/x'],
		['„https://a.example/x“', 'https://a.example/x'],
		['https://a.example/it’s', 'https://a.example/it’s'],
		['https://a.example/x(', 'https://a.example/x'],
		['https://a.example/([)]', 'https://a.example/([)]'],
		[
			'https://a.example/https://b.example/x?u=http://c.example',
			'https://a.example/https://b.example/x?u=http://c.example',
		],
	])('of %j ends where it is over', (text, ...expected) => {
		expect(links(text)).toEqual(expected);
	});

	it('is one of a hundred, or of as many as are wanted', () => {
		const many = 'https://example.org/ '.repeat(300);
		expect(links(many)).toHaveLength(100);
		for (const wanted of [0, 1, 7]) {
			const parts = textParts(many, wanted);
			expect(parts.filter(({ kind }) => kind === 'link')).toHaveLength(wanted);
			expect(parts.map(({ text }) => text).join('')).toBe(many);
		}
	});

	it('takes no word of a text away', () => {
		const piece = fc.oneof(
			fc.constantFrom(
				...['http:', 'https://', 'xmpp:', 'geo:', 'mailto:', 'a@b.c', 'example.org', '😀', ' '],
				...['(', ')', '[', ']', '»', '…', '.', '!', '/', '?', '#', '@', ':', '\u202e', 'a', '1'],
			),
			fc.string({ unit: 'binary', maxLength: 4 }),
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
				const text = pieces.join('');
				const parts = textParts(text);
				expect(parts.map((part) => part.text).join('')).toBe(text);
				for (const part of parts)
					if (part.kind === 'link') {
						expect(part.href).toMatch(/^(?:https?|xmpp|mailto|geo):[^\s<>"\p{C}]+$/iu);
						expect(part.href).toBe(part.text);
					}
			}),
			{ numRuns: 2000 },
		);
	});
});
