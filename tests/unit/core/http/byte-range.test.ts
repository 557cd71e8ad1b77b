import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseByteRange, parseContentRange } from '../../../../src/core/http/byte-range.ts';

const whole = { kind: 'whole' };
const unsatisfiable = { kind: 'unsatisfiable' };
const part = (start: number, end: number) => ({ kind: 'part', start, end });
const huge = '9'.repeat(400);

describe('parseByteRange', () => {
	// RFC 9110 section 14.1.2 with its representation of 10000 bytes, then its borders.
	it.each([
		['bytes=0-499', part(0, 500)],
		['bytes=500-999', part(500, 1000)],
		['bytes=-500', part(9500, 10_000)],
		['bytes=9500-', part(9500, 10_000)],
		['bytes=0-', part(0, 10_000)],
		['bytes=0-0', part(0, 1)],
		['bytes=0-1', part(0, 2)],
		['bytes=-1', part(9999, 10_000)],
		['bytes=9999-', part(9999, 10_000)],
		['bytes=9999-9999', part(9999, 10_000)],
		['bytes=9990-10000', part(9990, 10_000)],
		['bytes=0-9998', part(0, 9999)],
		['bytes=0-9999', part(0, 10_000)],
		['bytes=-10000', part(0, 10_000)],
		['bytes=-10001', part(0, 10_000)],
		['bytes=000-0009', part(0, 10)],
		['Bytes=1-2', part(1, 3)],
		['bytes= 1-2 ', part(1, 3)],
		[`bytes=5-${huge}`, part(5, 10_000)],
		[`bytes=-${huge}`, part(0, 10_000)],
		['bytes=10000-', unsatisfiable],
		['bytes=10000-10001', unsatisfiable],
		['bytes=-0', unsatisfiable],
		[`bytes=${huge}-`, unsatisfiable],
		[`bytes=${huge}-${huge}`, unsatisfiable],
	])('reads %j', (header, expected) => {
		expect(parseByteRange(header, 10_000)).toEqual(expected);
	});

	it.each([
		null,
		undefined,
		'',
		'bytes',
		'bytes=',
		'bytes=-',
		'bytes=a-b',
		'bytes=1',
		'bytes=2-1',
		`bytes=${huge}-1`,
		'bytes=0-0,-1',
		'bytes= 0-999, 4500-5499, -1000',
		'bytes=0-499,',
		'bytes=1 - 2',
		'bytes =1-2',
		'bytes:1-2',
		'bytes=--1',
		'bytes=1--2',
		'bytes=-1-2',
		'bytes=+1-2',
		'bytes=1.0-2',
		'bytes=0x1-2',
		'bytes=1e3-',
		'bytes=١-٢',
		'bytes=1-2\n',
		'\nbytes=1-2',
		'items=0-5',
		'xbytes=1-2',
	])('takes %j for the whole', (header) => {
		expect(parseByteRange(header, 10_000)).toEqual(whole);
	});

	it.each(['bytes=0-', 'bytes=0-0', 'bytes=-1', 'bytes=1-', 'bytes=-0'])(
		'cannot satisfy %j of nothing',
		(header) => {
			expect(parseByteRange(header, 0)).toEqual(unsatisfiable);
		},
	);

	it('gives nothing its whole', () => {
		expect(parseByteRange(null, 0)).toEqual(whole);
	});

	it('is always within the representation, and never empty', () => {
		const digits = fc.oneof(
			fc.constant(''),
			fc.nat(300).map(String),
			fc.bigInt({ min: 0n, max: 10n ** 40n }).map(String),
		);
		fc.assert(
			fc.property(digits, digits, fc.nat(250), (first, last, size) => {
				const range = parseByteRange(`bytes=${first}-${last}`, size);
				if (range.kind !== 'part') return;
				expect(Number.isSafeInteger(range.start)).toBe(true);
				expect(Number.isSafeInteger(range.end)).toBe(true);
				expect(range.start).toBeGreaterThanOrEqual(0);
				expect(range.end).toBeGreaterThan(range.start);
				expect(range.end).toBeLessThanOrEqual(size);
			}),
			{ numRuns: 1000 },
		);
	});

	it('answers exactly the bytes that were asked for', () => {
		fc.assert(
			fc.property(fc.nat(120), fc.nat(120), fc.nat(100), (first, last, size) => {
				const asked = Array.from({ length: size }, (_, i) => i).filter(
					(i) => i >= first && i <= last,
				);
				const range = parseByteRange(`bytes=${first}-${last}`, size);
				if (last < first) expect(range).toEqual(whole);
				else if (asked.length === 0) expect(range).toEqual(unsatisfiable);
				else expect(range).toEqual(part(first, (asked.at(-1) ?? 0) + 1));
			}),
			{ numRuns: 500 },
		);
	});

	it('survives any text', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, size) => {
				expect(['whole', 'part', 'unsatisfiable']).toContain(parseByteRange(text, size).kind);
				expect(['whole', 'part', 'unsatisfiable']).toContain(
					parseByteRange(`bytes=${text}`, size).kind,
				);
			}),
		);
		expect(parseByteRange(`bytes=${' '.repeat(100_000)}x`, 5)).toEqual(whole);
		expect(parseByteRange(`bytes=${'1'.repeat(100_000)}x`, 5)).toEqual(whole);
	});
});

describe('parseContentRange', () => {
	it('reads its three numbers', () => {
		expect(parseContentRange('bytes 0-499/1234')).toEqual({ start: 0, end: 500, total: 1234 });
		expect(parseContentRange('bytes 7-7/8')).toEqual({ start: 7, end: 8, total: 8 });
		expect(parseContentRange('Bytes 42-1233/1234')).toEqual({ start: 42, end: 1234, total: 1234 });
	});

	it('keeps what a server miscounts as it is', () => {
		// Prosody 0.12 is off by one; who reads it must compare with Content-Length.
		expect(parseContentRange('bytes 900-1000/1000')).toEqual({
			start: 900,
			end: 1001,
			total: 1000,
		});
	});

	it.each([
		null,
		'',
		'bytes */1234',
		'bytes 0-499/*',
		'bytes 0-499',
		'bytes 5-4/10',
		'bytes=0-499/1234',
		'bytes  0-499/1234',
		'bytes 0 - 499/1234',
		'bytes -1-4/10',
		'bytes 0-4/-10',
		'bytes 0-4/10, bytes 5-9/10',
		'items 0-4/10',
		'bytes 0-4/10\n',
		`bytes 0-4/${'9'.repeat(16)}`,
		`bytes 0-${'9'.repeat(400)}/5`,
	])('refuses %j', (header) => {
		expect(parseContentRange(header)).toBeUndefined();
	});

	it('never gives anything but safe whole numbers', () => {
		const digits = fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String);
		fc.assert(
			fc.property(digits, digits, digits, (first, last, total) => {
				const range = parseContentRange(`bytes ${first}-${last}/${total}`);
				if (range === undefined) return;
				expect(Object.values(range).every(Number.isSafeInteger)).toBe(true);
				expect(range.start).toBeLessThan(range.end);
			}),
		);
	});
});
