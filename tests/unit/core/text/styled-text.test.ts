import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type StyledPart, styledText } from '../../../../src/core/text/styled-text.ts';

/** As markup, for reading. */
function markup(parts: readonly StyledPart[]): string {
	return parts
		.map((part) => {
			if ('parts' in part) return `<${part.kind}>${markup(part.parts)}</${part.kind}>`;
			return part.kind === 'link' ? `<a>${part.text}</a>` : part.text;
		})
		.join('');
}

it.each([
	['plain', 'plain'],
	['*bold* and _not', '<strong>*bold*</strong> and _not'],
	['_*both*_', '<emphasis>_<strong>*both*</strong>_</emphasis>'],
	['~gone~ `*code*`', '<struck>~gone~</struck> <code>`*code*`</code>'],
	['2 * 3 * 4, a*b*c, **, *nix and *bsd', '2 * 3 * 4, a*b*c, **, *nix and *bsd'],
	['*a* *b*', '<strong>*a*</strong> <strong>*b*</strong>'],
	['*not\nacross*', '*not\nacross*'],
	['> said\n> > before\nyes', '<quote>said<quote>before</quote></quote>yes'],
	['a\n```\n*b*\n> c\n```\nd', 'a<block>*b*\n> c</block>d'],
	['```\nopen', '<block>open</block>'],
	['```Do not\nsend\n```', '<block>Do not\nsend</block>'],
	['>_< ouch', '>_< ouch'],
	['*see https://example.org/a_b_c*', '<strong>*see <a>https://example.org/a_b_c</a>*</strong>'],
	['https://example.org/*a*', '<a>https://example.org/*a*</a>'],
])('%j', (text, expected) => {
	expect(markup(styledText(text))).toBe(expected);
});

it.each(['*aesgcm://h/x*y#', '_aesgcm://h/x_#', '> aesgcm://h/x#'])(
	'shows no key after %s',
	(uri) => {
		const key = 'ab'.repeat(44);
		expect(markup(styledText(`${uri}${key}`))).not.toContain(key);
	},
);

it('is not held up by marks that nothing closes', () => {
	const begun = performance.now();
	styledText('*a '.repeat(50_000));
	expect(performance.now() - begun).toBeLessThan(1000);
});

it('says all of a text that has neither quotes nor blocks', () => {
	const text = fc.string({ unit: fc.constantFrom('*', '_', '~', '`', 'a', ' ', '\n') });
	const plain = (parts: readonly StyledPart[]): string =>
		parts.map((part) => ('parts' in part ? plain(part.parts) : part.text)).join('');
	fc.assert(
		fc.property(text, (said) => {
			fc.pre(!said.split('\n').some((line) => line.startsWith('```')));
			expect(plain(styledText(said))).toBe(said);
		}),
	);
});
