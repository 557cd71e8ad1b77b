import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	attachment,
	cleanFileName,
	extensionOf,
	fileNameOfUrl,
} from '../../../../src/core/text/file-name.ts';

const utf16 = fc
	.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 })
	.map((units) => String.fromCharCode(...units));
const hostile = fc
	.array(
		fc.oneof(
			fc.constantFrom(
				...['.', '..', '/', '\\', ' ', '_', '%2F', 'CON', 'nul', 'com1', '.txt', '"', "'", ';'],
				...['\u202e', '\u200b', '\ufeff', '\ud83d', '\ude00', '\u{1f600}', 'e\u0301', '\r\n', '\0'],
				...[
					'\u0085',
					'\u2028',
					'\u00a0',
					'\u3164',
					'\u{e0041}',
					'a'.repeat(119),
					'.jpeg',
					'\u65e5',
				],
			),
			fc.string({ unit: 'binary', maxLength: 3 }),
		),
		{ maxLength: 12 },
	)
	.map((parts) => parts.join(''));
const anyName = fc.oneof(utf16, hostile, fc.string({ unit: 'grapheme', maxLength: 200 }));

/** What a path, a header, a shell or an eye trips over. */
function isUnsafe(character: string): boolean {
	const code = character.codePointAt(0) ?? 0;
	const within = (first: number, last: number) => code >= first && code <= last;
	return (
		within(0, 0x1f) ||
		within(0x7f, 0x9f) ||
		'/\\:*?"<>|'.includes(character) ||
		within(0xd800, 0xdfff) ||
		[0xad, 0x61c, 0x115f, 0x1160, 0x3164, 0xfeff, 0xffa0].includes(code) ||
		within(0x200b, 0x200f) ||
		within(0x2028, 0x202e) ||
		within(0x2060, 0x206f) ||
		within(0xe0000, 0xe007f) ||
		within(0xfff0, 0xfffb)
	);
}

describe('cleanFileName', () => {
	it.each([
		['photo.jpg', 'photo.jpg'],
		['très cool.jpg', 'très cool.jpg'],
		['日本語.png', '日本語.png'],
		['\u{1f600}.gif', '\u{1f600}.gif'],
		['e\u0301.txt', '\u00e9.txt'],
		["it's (1).jpg", "it's (1).jpg"],
		['100%.txt', '100%.txt'],
		['%2F..%2Fetc', '%2F..%2Fetc'],
		['../../etc/passwd', '_.._etc_passwd'],
		['..\\..\\boot.ini', '_.._boot.ini'],
		['/etc/passwd', '_etc_passwd'],
		['C:\\x', 'C_x'],
		['a\u202egpj.exe', 'a_gpj.exe'],
		['a\u200bb\ufeffc', 'a_b_c'],
		['a\r\nSet-Cookie: x', 'a_Set-Cookie_ x'],
		['a"b', 'a_b'],
		['a\0b', 'a_b'],
		['a\t\n b', 'a_ b'],
		['a\u00a0\u3000b', 'a b'],
		['\ud800', 'file'],
		['\udc00x', '_x'],
		['\ude00\ud83d', 'file'],
		['', 'file'],
		['.', 'file'],
		['...', 'file'],
		[' . ', 'file'],
		['///', 'file'],
		['_', 'file'],
		['.htaccess', 'htaccess'],
		['name. ', 'name'],
		['CON', '_CON'],
		['con.txt', '_con.txt'],
		['CON.tar.gz', '_CON.tar.gz'],
		['Lpt9.x', '_Lpt9.x'],
		['com1', '_com1'],
		['NUL.', '_NUL'],
		['console.txt', 'console.txt'],
		['com10', 'com10'],
		['aux', '_aux'],
		['می\u200cخواهم.pdf', 'می\u200cخواهم.pdf'],
		['क्\u200dष.txt', 'क्\u200dष.txt'],
		['👩\u200d💻 notes.txt', '👩\u200d💻 notes.txt'],
		['🏳\ufe0f\u200d🌈👩🏽\u200d🚀.png', '🏳\ufe0f\u200d🌈👩🏽\u200d🚀.png'],
		['1\ufe0f\u20e3.png', '1\ufe0f\u20e3.png'],
		['pay\u200cpal.exe', 'pay_pal.exe'],
		['a\ufe0fb\u200d💻.txt', 'a_b_💻.txt'],
		['می\u200c\u200cخواهم', 'می_خواهم'],
		['می\u200c.pdf', 'می_.pdf'],
		['prn.doc', '_prn.doc'],
	])('makes %j to %j', (text, expected) => {
		expect(cleanFileName(text)).toBe(expected);
	});

	it('shortens, but keeps the extension and whole characters', () => {
		expect(cleanFileName('a'.repeat(120))).toBe('a'.repeat(120));
		expect(cleanFileName('a'.repeat(5000))).toBe('a'.repeat(120));
		expect(cleanFileName(`${'a'.repeat(5000)}.JPEG`)).toBe(`${'a'.repeat(115)}.jpeg`);
		expect(cleanFileName(`${'a'.repeat(119)}\u{1f600}b`)).toBe('a'.repeat(119));
		expect(cleanFileName(`a${'\u{1f600}'.repeat(60)}.png`)).toBe(`a${'\u{1f600}'.repeat(57)}.png`);
		expect(cleanFileName(`${'a'.repeat(119)} b`)).toBe('a'.repeat(119));
		expect(cleanFileName(`${'a'.repeat(118)}..b`.padEnd(200, 'c'))).toBe('a'.repeat(118));
		expect(cleanFileName(`CON.${'a'.repeat(200)}`)).toHaveLength(120);
		expect(cleanFileName(`${'語'.repeat(110)}.mp4`)).toBe(`${'語'.repeat(78)}.mp4`);
		const family = '👨\u200d👩\u200d👧\u200d👦';
		expect(cleanFileName(`${family.repeat(20)}.png`)).toBe(`${family.repeat(9)}.png`);
		expect(cleanFileName(`${'a'.repeat(115)}🇳🇴.png`)).toBe(`${'a'.repeat(115)}.png`);
		expect(cleanFileName(`${'خ'.repeat(119)}\u200cخ`)).toBe('خ'.repeat(119));
	});

	it('is always safe, short and not empty', () => {
		fc.assert(
			fc.property(anyName, (text) => {
				const name = cleanFileName(text);
				expect(Array.from(name).filter(isUnsafe)).toEqual([]);
				expect(name.length).toBeGreaterThanOrEqual(1);
				expect(name.length).toBeLessThanOrEqual(120);
				expect(Buffer.byteLength(name)).toBeLessThanOrEqual(240);
				expect(name).not.toMatch(/^[.\s]|[.\s]$/);
				expect(name).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
				expect(() => encodeURIComponent(name)).not.toThrow();
			}),
			{ numRuns: 2000 },
		);
	});

	it('changes nothing the second time', () => {
		fc.assert(
			fc.property(anyName, (text) => {
				const name = cleanFileName(text);
				expect(cleanFileName(name)).toBe(name);
			}),
			{ numRuns: 1000 },
		);
	});
});

describe('fileNameOfUrl', () => {
	it.each([
		['https://h.example/a/b.jpg', 'b.jpg'],
		['https://h.example/a/tr%C3%A8s%20cool.jpg', 'très cool.jpg'],
		['https://h.example/a/', 'a'],
		['https://h.example/', 'file'],
		['https://h.example/x?name=y.jpg', 'x'],
		['https://h.example/a/%2F..%2F', 'file'],
		['https://h.example/%2e%2e%2fetc%2fpasswd', '_etc_passwd'],
		['https://h.example/a%5C..%5Cb', 'a_.._b'],
		['https://h.example/%00%0d%0a', 'file'],
		['https://h.example/%E2%80%AEgpj.exe', '_gpj.exe'],
		['https://h.example/%FF%FE.jpg', '%FF%FE.jpg'],
		['https://h.example/%252F', '%2F'],
	])('of %s is %j', (url, expected) => {
		expect(fileNameOfUrl(new URL(url))).toBe(expected);
	});

	it('is always a clean name', () => {
		fc.assert(
			fc.property(anyName, (text) => {
				const name = fileNameOfUrl({ pathname: `/a/${text}` });
				expect(cleanFileName(name)).toBe(name);
			}),
		);
	});
});

describe('extensionOf', () => {
	it.each([
		['a.jpg', 'jpg'],
		['a.JPEG', 'jpeg'],
		['a.tar.gz', 'gz'],
		['a.7z', '7z'],
		['a', ''],
		['a.', ''],
		['a.toolong', ''],
		['a.j pg', ''],
		['a.jp\u00e9', ''],
		['', ''],
	])('of %j is %j', (name, expected) => {
		expect(extensionOf(name)).toBe(expected);
	});
});

describe('attachment', () => {
	it.each([
		['photo.jpg', `attachment; filename="photo.jpg"; filename*=UTF-8''photo.jpg`],
		[
			'très cool.jpg',
			`attachment; filename="tr_s cool.jpg"; filename*=UTF-8''tr%C3%A8s%20cool.jpg`,
		],
		[
			"it's (1)*.jpg",
			`attachment; filename="it's (1)_.jpg"; filename*=UTF-8''it%27s%20%281%29_.jpg`,
		],
		['100%41.txt', `attachment; filename="100_41.txt"; filename*=UTF-8''100%2541.txt`],
		['a"; x="b', `attachment; filename="a_; x=_b"; filename*=UTF-8''a_%3B%20x%3D_b`],
		['', `attachment; filename="file"; filename*=UTF-8''file`],
	])('of %j', (name, expected) => {
		expect(attachment(name)).toBe(expected);
	});

	it('is a header of one value whose two names are the cleaned one', () => {
		fc.assert(
			fc.property(anyName, (text) => {
				const header = attachment(text);
				expect(new Headers({ 'Content-Disposition': header }).get('content-disposition')).toBe(
					header,
				);
				// RFC 6266: a quoted-string without escapes, and RFC 8187 attr-chars.
				const parts =
					/^attachment; filename="([ !#$&-[\]-~]+)"; filename\*=UTF-8''((?:[\w!#$&+.^`|~-]|%[0-9A-F]{2})+)$/.exec(
						header,
					);
				expect(parts).not.toBeNull();
				const cleaned = cleanFileName(text);
				expect(decodeURIComponent(parts?.[2] ?? '')).toBe(cleaned);
				expect(parts?.[1]).toHaveLength(cleaned.length);
			}),
			{ numRuns: 2000 },
		);
	});
});
