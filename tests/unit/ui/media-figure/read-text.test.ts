import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readText } from '../../../../src/ui/media-figure/documents/read-text.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const read = (bytes: Uint8Array) => readText(Uint8Array.from(bytes)).text;

it('is read as what it says it is, or as what every byte is something in', () => {
	expect(read(utf8('Grüße 👋\r\n\tzwei'))).toBe('Grüße 👋\n\tzwei');
	expect(read(utf8('\uFEFFmark'))).toBe('mark');
	expect(read(utf8('old\rlines'))).toBe('old\nlines');
	expect(read(Uint8Array.of(0xff, 0xfe, 0x41, 0, 0xfc, 0))).toBe('Aü');
	expect(read(Uint8Array.of(0xfe, 0xff, 0, 0x41, 0, 0xfc))).toBe('Aü');
	expect(read(Uint8Array.of(0x47, 0x72, 0xfc, 0xdf, 0x65))).toBe('Grüße');
	expect(read(new Uint8Array(0))).toBe('');
});

it('shows what turns the order of characters, and what is not seen', () => {
	expect(read(utf8('a\u202Eb\u2066c'))).toBe('a‹U+202E›b‹U+2066›c');
	expect(read(utf8('\0\u001B[31m\u007F'))).toBe('␀␛[31m␡');
});

it('is its beginning where it is long, and never half a character', () => {
	const long = readText(Uint8Array.from(utf8(`${'x'.repeat(499_999)}👋end`)));
	expect(long.isCut).toBe(true);
	expect(long.text).toBe('x'.repeat(499_999));
	expect(readText(Uint8Array.from(utf8('short'))).isCut).toBe(false);
	// What is made visible takes more room than what it stands for.
	expect(read(utf8('\u202E'.repeat(400_000)))).toHaveLength(500_000);
	const bytes = utf8(`${'€'.repeat(1_000_000)}`);
	expect(read(bytes)).toBe('€'.repeat(500_000));
});

it('is something, whatever the bytes', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
			expect(read(bytes)).not.toMatch(/[\u202A-\u202E\u2066-\u2069\0]/);
		}),
	);
});
