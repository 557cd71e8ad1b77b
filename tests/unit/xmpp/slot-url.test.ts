import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLoopbackHost, isPublicHost } from '../../../src/core/http/host-policy.ts';
import { formatAesgcmUri, parseAesgcmUri } from '../../../src/core/links/aesgcm-uri.ts';
import { ShareError } from '../../../src/core/share-error.ts';
import { readUploadSlot } from '../../../src/xmpp/extensions/upload.ts';

const SECRET = { iv: new Uint8Array(12).fill(1), key: new Uint8Array(32).fill(2) };
const slot = (download: string) =>
	readUploadSlot({ upload: { url: 'https://upload.example/f' }, download }).get;

/** What a server makes of a path or a query: lone `%` stand for themselves. */
function meant(text: string): string {
	return text.replace(/(?:%[0-9A-Fa-f]{2})+|[^%]+|%/gu, (part) => {
		const isEscaped = part.startsWith('%') && part.length > 1;
		const bytes = isEscaped ? Buffer.from(part.replaceAll('%', ''), 'hex') : Buffer.from(part);
		return bytes.toString('latin1');
	});
}

function roundTrip(get: URL): URL {
	return parseAesgcmUri(formatAesgcmUri({ url: get, ...SECRET })).url;
}

const character = fc.oneof(
	fc.constantFrom(...'|[]^`{}"<>\\ \'%#?/&=+;:@.~!$()*,-_ \t\u00e9\u4e2d\u{1f600}\ud800\u202e'),
	fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
	fc.constantFrom('%7C', '%zz', '%2', '%2e', '..', '//'),
);
const some = fc.array(character, { maxLength: 12 }).map((parts) => parts.join(''));
const host = fc.oneof(
	fc.constantFrom(
		'upload.example',
		'UPLOAD.example.',
		'k\u00fcche.example',
		'\uff55pload.example',
		'0x08080808',
		'2130706433',
		'8.8.8.8',
		'[2606:4700::1111]',
		'[::1]',
		'a!b.example',
		'a_b.example',
		'user:word@upload.example',
		'upload.example:0',
		'upload.example:8443',
		'upload.example:99999',
	),
	some.map((text) => `a${text}.example`),
);
const download = fc
	.tuple(
		fc.constantFrom('https://', 'https:', 'HTTPS://', 'http://'),
		host,
		some,
		some,
		fc.boolean(),
	)
	.map(([scheme, at, path, query, asks]) => `${scheme}${at}/${path}${asks ? '?' : ''}${query}`);

describe('the address where a file will be found', () => {
	it('is one that an aesgcm URI carries, to the same resource, or the slot is refused', () => {
		let taken = 0;
		fc.assert(
			fc.property(download, (text) => {
				let get: URL;
				try {
					get = slot(text);
				} catch (thrown) {
					expect(thrown).toBeInstanceOf(ShareError);
					return;
				}
				taken += 1;
				const read = roundTrip(get);
				const named = new URL(text);
				expect(read.href).toBe(get.href);
				expect(read.host).toBe(named.host);
				expect(isPublicHost(read.hostname) || isLoopbackHost(read.hostname)).toBe(true);
				expect(meant(read.pathname)).toBe(meant(named.pathname));
				expect(meant(read.search)).toBe(meant(named.search));
			}),
			{ numRuns: 5000 },
		);
		expect(taken).toBeGreaterThan(500);
	});

	it.each([
		['https://upload.example/a|b.jpg', '/a%7Cb.jpg'],
		['https://upload.example/a^`{}[]"<>.jpg', '/a%5E%60%7B%7D%5B%5D%22%3C%3E.jpg'],
		['https://upload.example/f?a=[1]|{2}^`\\', '/f?a=%5B1%5D%7C%7B2%7D%5E%60%5C'],
		['https://upload.example/K\u00fcche 1.jpg', '/K%C3%BCche%201.jpg'],
		['https://upload.example/100%.jpg?50%', '/100%25.jpg?50%25'],
		['https://upload.example/?', '/?'],
		['https://upload.example/a%7Cb', '/a%7Cb'],
	])('%s is written as %s', (text, written) => {
		const get = slot(text);
		expect(roundTrip(get).href).toBe(`https://upload.example${written}`);
	});

	it.each([
		'https://user@upload.example/f',
		'https://:word@upload.example/f',
		'https://upload.example:0/f',
		'https://upload.example/f#part',
		'https://upload.example/f#',
		'https://a!b.example/f',
		'https://0xa.1/f',
		'https://[::1]/f',
		'https://192.168.0.1/f',
		'https://upload.local/f',
		'http://upload.example/f',
	])('%s is refused before anything is uploaded', (text) => {
		expect(() => slot(text)).toThrow(expect.objectContaining({ code: 'slot-invalid' }));
	});

	it('is refused if it gets longer than a link may be', () => {
		const long = `https://upload.example/${'|'.repeat(3000)}`;
		expect(() => slot(long)).toThrow(expect.objectContaining({ code: 'slot-invalid' }));
	});
});
