import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, equalBytes, fromHex, toHex } from '../../../src/core/bytes.ts';
import { flipBit, offsetView } from './support.ts';

describe('hex', () => {
	it('reads and writes', () => {
		expect(fromHex('00ff10aB')).toEqual(Uint8Array.of(0, 255, 16, 171));
		expect(fromHex('')).toEqual(new Uint8Array(0));
		expect(toHex(Uint8Array.of(0, 255, 16, 171))).toBe('00ff10ab');
	});

	it.each(['0', 'abc', '0g', '0x00', ' 00', '00\n', '0 0', '+1', '-1', '００'])(
		'refuses %j',
		(text) => {
			expect(fromHex(text)).toBeUndefined();
		},
	);

	it('round-trips any bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				const text = toHex(offsetView(bytes));
				expect(text).toMatch(/^(?:[0-9a-f]{2})*$/);
				expect(fromHex(text)).toEqual(Uint8Array.from(bytes));
				expect(fromHex(text.toUpperCase())).toEqual(Uint8Array.from(bytes));
			}),
		);
	});
});

describe('equalBytes', () => {
	it('tells any flipped bit', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), (bytes, nat) => {
				expect(equalBytes(bytes, offsetView(bytes))).toBe(true);
				expect(equalBytes(bytes, flipBit(bytes, nat % (8 * bytes.length)))).toBe(false);
			}),
		);
	});

	it('tells lengths apart, also where one begins like the other', () => {
		expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 0))).toBe(false);
		expect(equalBytes(Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2))).toBe(false);
		expect(equalBytes(new Uint8Array(0), Uint8Array.of(0))).toBe(false);
		expect(equalBytes(new Uint8Array(0), new Uint8Array(0))).toBe(true);
	});

	it('sees differences that cancel each other out', () => {
		expect(equalBytes(Uint8Array.of(1, 1), Uint8Array.of(0, 0))).toBe(false);
		expect(equalBytes(Uint8Array.of(1, 0), Uint8Array.of(0, 1))).toBe(false);
	});

	it('looks at every byte, wherever the first difference is', () => {
		const reads: number[] = [];
		const watched = new Proxy(new Uint8Array(8), {
			get(target, property) {
				if (typeof property === 'string' && /^\d+$/.test(property)) reads.push(Number(property));
				return Reflect.get(target, property, target);
			},
		});
		expect(equalBytes(watched, new Uint8Array(8).fill(1))).toBe(false);
		expect(reads).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
	});
});

describe('concatBytes', () => {
	it('joins in order, into memory of its own', () => {
		const first = Uint8Array.of(1, 2);
		const joined = concatBytes(first, new Uint8Array(0), offsetView(Uint8Array.of(3)));
		first[0] = 9;
		expect(joined).toEqual(Uint8Array.of(1, 2, 3));
		expect(concatBytes()).toEqual(new Uint8Array(0));
		expect(joined.buffer.byteLength).toBe(3);
	});
});
