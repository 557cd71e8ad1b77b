import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Buffer as Own } from '../../../../src/xmpp/stanza-parts/buffer.ts';

const ENCODINGS = ['utf8', 'hex', 'base64'] as const;
const bytes = fc.uint8Array({ maxLength: 100 });

describe.each(ENCODINGS)('%s', (encoding) => {
	it('is written as Node writes it', () => {
		fc.assert(
			fc.property(bytes, (octets) => {
				expect(Own.from(octets).toString(encoding)).toBe(Buffer.from(octets).toString(encoding));
			}),
		);
	});

	it('is read as Node reads it', () => {
		fc.assert(
			fc.property(bytes, (octets) => {
				const text = Buffer.from(octets).toString(encoding);
				expect([...Own.from(text, encoding)]).toEqual([...Buffer.from(text, encoding)]);
			}),
		);
	});

	it('never throws for a text', () => {
		fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void Own.from(text, encoding)));
	});
});

it('any text becomes the bytes that Node makes of it', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			expect([...Own.from(text)]).toEqual([...Buffer.from(text)]);
		}),
	);
	expect(Own.from('\ufeffa\ud800').toString()).toBe('\ufeffa\ufffd');
});

it('base64 is read with whatever stands around it', () => {
	for (const text of ['', '=', 'A', 'AA', 'AAA', 'AAAAA', '-_-_', '+/+/', ' A\nA A\tA', 'AA==!!'])
		expect([...Own.from(text, 'base64')], text).toEqual([...Buffer.from(text, 'base64')]);
});

it('bytes are copied', () => {
	const bytes = Uint8Array.of(1, 2);
	const copy = Own.from(bytes);
	bytes[0] = 9;
	expect([...copy]).toEqual([1, 2]);
	expect(copy).toBeInstanceOf(Uint8Array);
});

it('joins and compares as Node does', () => {
	fc.assert(
		fc.property(bytes, bytes, (a, b) => {
			expect([...Own.concat([a, b])]).toEqual([...Buffer.concat([a, b])]);
			expect(Own.compare(a, b)).toBe(Buffer.compare(a, b));
			expect(Own.from(a).compare(b)).toBe(Buffer.from(a).compare(b));
		}),
	);
	expect(Own.compare(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(0);
});
