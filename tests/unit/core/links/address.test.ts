import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMutex } from '../../../../src/core/async/mutex.ts';
import { bareOf, domainOf, parseAddress } from '../../../../src/core/links/address.ts';
import { fromBase64, packJson, toBase64, unpackJson } from '../../../../src/core/packed-json.ts';
import { cleanName } from '../../../../src/core/text/clean-name.ts';
import { textParts } from '../../../../src/core/text/text-parts.ts';

it.each([
	[' Anna@Example.ORG ', 'anna@example.org'],
	['a.b-c+d@localhost', 'a.b-c+d@localhost'],
	['müller@exämple.org', 'müller@exämple.org'],
])('%s is an address', (text, address) => {
	expect(parseAddress(text)).toBe(address);
});

it.each([
	'',
	'anna',
	'@b',
	'a@',
	'a@b@c',
	'a b@c',
	'a@b/c',
	'a<b@c',
	'a@b..c',
	'a\u202eb@c',
	'a@b\u0000',
])('%j is none', (text) => {
	expect(parseAddress(text)).toBeUndefined();
});

it('an address loses its resource, and a domain is one, too', () => {
	expect(bareOf('A@b.example/phone/2')).toBe('a@b.example');
	expect(bareOf('b.example')).toBe('b.example');
	expect(bareOf('<>')).toBeUndefined();
	expect(domainOf('a@b.example')).toBe('b.example');
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			expect(() => [parseAddress(text), bareOf(text)]).not.toThrow();
		}),
	);
});

it('a name hides, turns and overflows nothing', () => {
	expect(cleanName('  An\u202ena\u200b \n B\u0301\u0301\u0301\u0301\u0301 ')).toMatch(/^Anna B/);
	expect(cleanName('\u3164\u2800'.slice(0, 1))).toBe('');
	fc.assert(
		fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
			const name = cleanName(text);
			expect(name).not.toMatch(/\p{C}/u);
			expect(name.length).toBeLessThanOrEqual(100);
		}),
	);
});

it('links are found, and keys never shown', () => {
	expect(textParts('see https://a.example/x?y=1, ok')).toEqual([
		{ kind: 'text', text: 'see ' },
		{ kind: 'link', text: 'https://a.example/x?y=1', href: 'https://a.example/x?y=1' },
		{ kind: 'text', text: ', ok' },
	]);
	expect(textParts('javascript:alert(1) data:text/html,x')).toEqual([
		{ kind: 'text', text: 'javascript:alert(1) data:text/html,x' },
	]);
	const key = 'ab'.repeat(44);
	const shown = textParts(`look: aesgcm://h.example/a.jpg#${key} nice`)
		.map(({ text }) => text)
		.join('');
	expect(shown).not.toContain(key);
	expect(shown).toContain('h.example');
	fc.assert(
		fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
			for (const part of textParts(text))
				if (part.kind === 'link') expect(part.href).toMatch(/^(?:https?|xmpp|mailto|geo):/i);
		}),
	);
});

it('plain values with bytes in them come back as they were', () => {
	fc.assert(
		fc.property(fc.uint8Array(), fc.string(), fc.integer(), (bytes, text, number) => {
			const value = { bytes: Uint8Array.from(bytes), list: [{ text, number }, null, true] };
			expect(unpackJson(packJson(value))).toEqual(value);
			expect(fromBase64(toBase64(bytes))).toEqual(Uint8Array.from(bytes));
		}),
	);
	expect(fromBase64('***')).toBeUndefined();
	expect(() => unpackJson(new Uint8Array([123]))).toThrow();
});

it('work is done one after the other, also after a failure', async () => {
	const mutex = createMutex();
	const done: number[] = [];
	const slow = mutex(async () => {
		await Promise.resolve();
		done.push(1);
		throw new Error('no');
	});
	const next = mutex(async () => done.push(2));
	await expect(slow).rejects.toThrow('no');
	await next;
	expect(done).toEqual([1, 2]);
});
