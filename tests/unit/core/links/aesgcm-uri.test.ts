import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../../../src/core/bytes.ts';
import { MediaError } from '../../../../src/core/errors.ts';
import {
	formatAesgcmUri,
	parseAesgcmUri,
	redactAesgcmUris,
} from '../../../../src/core/links/aesgcm-uri.ts';
import { codeOf, noise, readVectors } from '../support.ts';

interface UriVectors {
	readonly accept: readonly {
		readonly uri: string;
		readonly https?: string;
		readonly iv?: string;
		readonly key?: string;
		readonly note: string;
	}[];
	readonly reject: readonly { readonly uri: string; readonly why: string }[];
}

const vectors = readVectors<UriVectors>('aesgcm-uri.json');
const secret =
	'8c3d050e9386ec173861778f68e9af38a97aaf82faa4063b4d0878a61261534410c8a84331eaac851759f587';
const withHost = (host: string) => `aesgcm://${host}/f#${secret}`;
const withPath = (path: string) => `aesgcm://h.example${path}#${secret}`;

const someUri = fc.constantFrom(
	...vectors.accept.map(({ uri }) => uri),
	withHost('[2001:db8::1]:8443'),
	withHost('192.0.2.7'),
);
/** What turns, hides or stands in for other characters, joiners aside. */
const NEVER =
	/[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u202a-\u202e\u2060-\u206f\u061c\u200b\u200e\u200f\ufeff\xad]/u;
const someCharacter = fc.oneof(
	fc.constantFrom(
		...'/\\#?:@%.[]-_ \t\r\n\0aZ09gx\u3002\uff10\u200b\u200c\u200d\u202e\ufe0f\ud800\u00fc\u0645\u{1f4bb}',
	),
	fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const mutation = fc.record({
	uri: someUri,
	kind: fc.constantFrom('insert', 'delete', 'replace'),
	at: fc.nat(10_000),
	character: someCharacter,
});

/** One character of a valid URI put in, taken out or exchanged. */
const mutated = mutation.map(({ uri, kind, at, character }) => {
	const index = at % (uri.length + (kind === 'insert' ? 1 : 0));
	const rest = uri.slice(kind === 'insert' ? index : index + 1);
	return uri.slice(0, index) + (kind === 'delete' ? '' : character) + rest;
});

function failureOf(text: string): MediaError | undefined {
	try {
		parseAesgcmUri(text);
		return undefined;
	} catch (thrown) {
		expect(thrown).toBeInstanceOf(MediaError);
		return thrown as MediaError;
	}
}

describe('parseAesgcmUri', () => {
	it.each(vectors.accept)('accepts: $note', ({ uri, https, iv, key }) => {
		const parsed = parseAesgcmUri(uri);
		const [address = '', fragment = ''] = uri.split('#');
		expect(parsed.url.protocol).toBe('https:');
		expect(parsed.url.hash).toBe('');
		expect(parsed.url.href).toBe(https ?? address.replace('aesgcm:', 'https:'));
		if (iv !== undefined) expect(toHex(parsed.iv)).toBe(iv);
		if (key !== undefined) expect(toHex(parsed.key)).toBe(key);
		expect(parsed.key).toHaveLength(32);
		expect(toHex(parsed.iv) + toHex(parsed.key)).toBe(fragment.toLowerCase());
	});

	it.each(vectors.reject)('refuses: $why', ({ uri }) => {
		expect(codeOf(() => parseAesgcmUri(uri))).toBe('uri-invalid');
	});

	it.each([
		'[::1]',
		'[2001:db8::1]',
		'[2001:db8:0:0:0:0:0:1]:8443',
		'[::ffff:192.0.2.1]',
		'192.0.2.1',
		'H.Example',
		'a_b.example',
		'h.example.',
		'xn--mnchen-3ya.example',
		'h.example:1',
		'h.example:65535',
	])('accepts the host %s', (host) => {
		expect(codeOf(() => parseAesgcmUri(withHost(host)))).toBeUndefined();
	});

	it.each([
		'127.1',
		'0177.0.0.1',
		'0x7f000001',
		'192.0.2.01',
		'192.0.2.1.',
		'017700000001',
		'256.1.1.1',
		'[::1',
		'::1',
		'[::1]x',
		'[::g]',
		'[1:2]',
		'[fe80::1%25eth0]',
		'[h.example]',
		'',
		':80',
		'h.example:',
		'h.example:65536',
		'h.example:99999',
		'h.example:123456',
		'h.example:+1',
		'h.example:80:80',
		'user:secret@h.example',
		'h!example',
		'h*.example',
		'xn--a',
		'\uff48.example',
		'm\u00fcnchen.example',
		`${'a'.repeat(254)}`,
	])('refuses the host %j', (host) => {
		expect(codeOf(() => parseAesgcmUri(withHost(host)))).toBe('uri-invalid');
	});

	it.each(['/', '//', '/a//b', "/!$&'()*+,;=:@-._~", '/%00', '/%2F..%2F', '/?', '/f?a/b?c', '/..'])(
		'accepts the path %j',
		(path) => {
			expect(codeOf(() => parseAesgcmUri(withPath(path)))).toBeUndefined();
		},
	);

	it.each([
		'?q',
		'/%',
		'/%1',
		'/%1g',
		'/f%',
		'/"',
		'/^',
		'/`',
		'/{',
		'/|',
		'/[',
		'/f#',
		'/f#x',
		'/f\r',
	])('refuses the path %j', (path) => {
		expect(codeOf(() => parseAesgcmUri(withPath(path)))).toBe('uri-invalid');
	});

	it('takes fragments of 88 and 96 digits only', () => {
		for (let length = 0; length <= 130; length++) {
			const code = codeOf(() => parseAesgcmUri(`aesgcm://h.example/f#${'a'.repeat(length)}`));
			expect(code).toBe(length === 88 || length === 96 ? undefined : 'uri-invalid');
		}
	});

	it('puts the IV first', () => {
		const { iv, key } = parseAesgcmUri(`aesgcm://h.example/f#${'ab'.repeat(16)}${'01'.repeat(32)}`);
		expect(iv).toEqual(new Uint8Array(16).fill(0xab));
		expect(key).toEqual(new Uint8Array(32).fill(1));
	});

	it('gives arrays that share no memory', () => {
		const { iv, key } = parseAesgcmUri(withPath('/f'));
		expect(iv.buffer.byteLength).toBe(12);
		expect(key.buffer.byteLength).toBe(32);
	});

	it('takes what a mutation makes only as it is written', () => {
		fc.assert(
			fc.property(mutated, (text) => {
				const failure = failureOf(text);
				if (failure !== undefined) {
					expect(failure.code).toBe('uri-invalid');
					return;
				}
				const { url, iv, key } = parseAesgcmUri(text);
				const written = /^aesgcm:\/\/([!-~]+?)\/[^#\s\p{Z}]*#([0-9a-f]+)$/iu.exec(text);
				expect(text.startsWith('aesgcm://')).toBe(true);
				expect(written).not.toBeNull();
				const [, authority = '', fragment = ''] = written ?? [];
				expect(url.protocol).toBe('https:');
				expect(url.username + url.password + url.hash).toBe('');
				if (!authority.startsWith('['))
					expect(url.hostname).toBe(authority.replace(/:\d+$/, '').toLowerCase());
				expect(toHex(iv) + toHex(key)).toBe(fragment.toLowerCase());
				expect(text).not.toMatch(NEVER);
				expect(parseAesgcmUri(formatAesgcmUri({ url, iv, key })).url.href).toBe(url.href);
				expect(redactAesgcmUris(`see ${text} there`)).not.toContain(fragment);
			}),
			{ numRuns: 3000 },
		);
	});

	it('never tells what it refused', () => {
		fc.assert(
			fc.property(mutated, (text) => {
				const failure = failureOf(text);
				if (failure === undefined) return;
				expect('cause' in failure).toBe(false);
				const all = [
					failure.message,
					failure.stack ?? '',
					String(failure),
					JSON.stringify(failure),
					JSON.stringify(failure.detail),
				].join('\n');
				const fragment = text.split('#')[1] ?? '';
				expect(all).not.toMatch(/[0-9a-f]{20}/i);
				if (fragment.length > 8) expect(all).not.toContain(fragment);
				expect(all).not.toContain('aesgcm://');
			}),
			{ numRuns: 1000 },
		);
	});

	it.each([
		['a%', 'a%'.repeat(50_000)],
		['slashes', '/'.repeat(100_000)],
		['escapes', '%41'.repeat(33_000)],
		['queries', '?'.repeat(100_000)],
		['hex', 'a'.repeat(100_000)],
		['hashes', '#'.repeat(100_000)],
		['colons', ':'.repeat(100_000)],
	])('answers 100 kB of %s at once', (_, filler) => {
		for (const text of [
			filler,
			`aesgcm://${filler}`,
			`aesgcm://h.example/${filler}`,
			`aesgcm://h.example/${filler}#${secret}`,
			`aesgcm://h.example/f?${filler}#${secret}x`,
			`aesgcm://h.example/f#${filler}`,
		])
			expect(codeOf(() => parseAesgcmUri(text))).toBe('uri-invalid');
	});

	it('reads what it wrote, also where escapes make it longer', () => {
		const long = (letter: string, count: number) => withPath(`/${letter.repeat(count)}`);
		for (const [letter, escaped] of [
			['\u00fc', 6],
			['\u65e5', 9],
			['\u{1f4bb}', 12],
		] as const) {
			const fits = Math.floor((8192 - withPath('/').length) / escaped);
			const { url } = parseAesgcmUri(long(letter, fits));
			expect(url.pathname).toBe(`/${encodeURIComponent(letter.repeat(fits))}`);
			expect(codeOf(() => parseAesgcmUri(long(letter, fits + 1)))).toBe('uri-invalid');
		}
		expect(codeOf(() => parseAesgcmUri(withPath(`/?${"'".repeat(8000)}`)))).toBe('uri-invalid');
	});

	it('has a bound of 8192 characters', () => {
		const padding = 8192 - withPath('/').length;
		expect(codeOf(() => parseAesgcmUri(withPath(`/${'a'.repeat(padding)}`)))).toBeUndefined();
		expect(codeOf(() => parseAesgcmUri(withPath(`/${'a'.repeat(padding + 1)}`)))).toBe(
			'uri-invalid',
		);
	});
});

describe('formatAesgcmUri', () => {
	it.each(vectors.accept)('writes what was read: $note', ({ uri }) => {
		const parsed = parseAesgcmUri(uri);
		const text = formatAesgcmUri(parsed);
		const again = parseAesgcmUri(text);
		expect(again.url.href).toBe(parsed.url.href);
		expect(again.iv).toEqual(parsed.iv);
		expect(again.key).toEqual(parsed.key);
		expect(formatAesgcmUri(again)).toBe(text);
		if (
			/^[!-~]*$/.test(uri) &&
			uri === uri.toLowerCase() &&
			!uri.includes(':443/') &&
			!/%[a-f]/.test(uri)
		)
			expect(text).toBe(uri);
	});

	it('round-trips any secret', () => {
		const ivs = fc
			.constantFrom(12, 16)
			.chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
		fc.assert(
			fc.property(ivs, fc.uint8Array({ minLength: 32, maxLength: 32 }), (iv, key) => {
				const text = formatAesgcmUri({
					url: new URL('https://h.example/f'),
					iv: Uint8Array.from(iv),
					key: Uint8Array.from(key),
				});
				const parsed = parseAesgcmUri(text);
				expect(toHex(parsed.iv)).toBe(toHex(iv));
				expect(toHex(parsed.key)).toBe(toHex(key));
			}),
		);
	});

	it.each([
		['http', 'http://h.example/f', 12, 32],
		['a fragment', 'https://h.example/f#x', 12, 32],
		['an empty fragment', 'https://h.example/f#', 12, 32],
		['userinfo', 'https://user@h.example/f', 12, 32],
		['a character that is no URI character', 'https://h.example/a|b', 12, 32],
		['an IV of 13 bytes', 'https://h.example/f', 13, 32],
		['no IV', 'https://h.example/f', 0, 32],
		['a key of 30 bytes and an IV of 14', 'https://h.example/f', 14, 30],
		['a key of 28 bytes and an IV of 16', 'https://h.example/f', 16, 28],
		['a key of 36 bytes and an IV of 12', 'https://h.example/f', 12, 36],
	])('refuses %s', (_, url, ivLength, keyLength) => {
		const parts = { url: new URL(url), iv: noise(ivLength), key: noise(keyLength) };
		expect(codeOf(() => formatAesgcmUri(parts))).toBe('uri-invalid');
	});
});

describe('redactAesgcmUris', () => {
	it('keeps the host and the text around', () => {
		expect(redactAesgcmUris(`look: ${withPath('/f.jpg?x=1')} nice`)).toBe(
			'look: aesgcm://h.example/...#redacted nice',
		);
		expect(redactAesgcmUris(`${withPath('/a')}\n${withHost('other.example:5443')}`)).toBe(
			'aesgcm://h.example/...#redacted\naesgcm://other.example:5443/...#redacted',
		);
		expect(redactAesgcmUris(`AesGcm://h.example/f#${secret}`)).toBe(
			'aesgcm://h.example/...#redacted',
		);
	});

	it.each([
		['in capitals', `AESGCM://h.example/f#${secret.toUpperCase()}`],
		['glued to a word', `xaesgcm://h.example/f#${secret}y`],
		['with a space in its path', `aesgcm://h.example/a b.jpg#${secret}`],
		['with a line break before its fragment', `aesgcm://h.example/f\n#${secret}`],
		[
			'broken within its fragment',
			`aesgcm://h.example/f#${secret.slice(0, 6)}\n${secret.slice(6)}`,
		],
		['with an empty host', `aesgcm:///f#${secret}`],
		['with no path', `aesgcm://h.example#${secret}`],
		['with the secret for a host', `aesgcm://${secret}`],
		['without its hash', `aesgcm://h.example/f ${secret}`],
		['with one slash', `aesgcm:/h.example/f#${secret}`],
		['with a mistyped scheme', `aesgmc://h.example/f#${secret}`],
		['as https', `https://h.example/f#${secret}`],
		['with a 16-byte IV', `aesgcm://h.example/f#${'0'.repeat(8)}${secret}`],
		['two in a row', `${withPath('/f')}${withPath('/f')}`],
		['in a data URI line', `${withPath('/f')}\ndata:image/jpeg,/9j/`],
	])('leaves no key: %s', (_, text) => {
		const redacted = redactAesgcmUris(text);
		expect(redacted).not.toContain(secret);
		expect(redacted).not.toMatch(/[0-9a-f]{16}/i);
	});

	it('leaves no 88 digits of any mutation, wherever it stands', () => {
		const around = fc.string({ unit: 'binary', maxLength: 20 });
		fc.assert(
			fc.property(around, mutated, around, (before, text, after) => {
				expect(redactAesgcmUris(`${before}${text}${after}`)).not.toMatch(/[0-9a-f]{88}/i);
			}),
			{ numRuns: 3000 },
		);
	});

	it('leaves other text as it is', () => {
		const hash = 'c0'.repeat(64);
		for (const text of [
			'',
			'hello https://h.example/a#b',
			`a SHA-512: ${hash}`,
			'aesgcm is a scheme',
			'#'.repeat(200),
		])
			expect(redactAesgcmUris(text)).toBe(text);
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				if (!/aesgcm/i.test(text)) expect(redactAesgcmUris(text)).toBe(text);
			}),
		);
	});

	it('is idempotent', () => {
		fc.assert(
			fc.property(mutated, (text) => {
				const once = redactAesgcmUris(text);
				expect(redactAesgcmUris(once)).toBe(once);
			}),
		);
	});

	it('answers long texts at once', () => {
		for (const part of ['aesgcm://', 'aesgcm:', '#', 'a', 'aesgcm://h/f#', `${'a'.repeat(63)} `]) {
			const text = part.repeat(Math.ceil(300_000 / part.length));
			expect(redactAesgcmUris(text).length).toBeGreaterThan(0);
		}
	});
});
