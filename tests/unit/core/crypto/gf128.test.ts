import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../src/core/bytes.ts';
import {
	type FieldElement,
	fieldAdd,
	fieldFromBytes,
	fieldInverse,
	fieldMultiply,
	fieldPower,
	fieldToBytes,
} from '../../../../src/core/crypto/gf128.ts';
import { offsetView } from '../support.ts';

const ONE = Uint32Array.of(0x80000000, 0, 0, 0);
const ZERO = new Uint32Array(4);

const element = fc
	.uint8Array({ minLength: 16, maxLength: 16 })
	.map((bytes): FieldElement => fieldFromBytes(bytes));
const nonZero = element.filter((value) => value.some((word) => word !== 0));

/** Single bits and runs of them: where a carry or a sign would go wrong. */
const corners = [
	'00000000000000000000000000000001',
	'80000000000000000000000000000000',
	'40000000000000000000000000000000',
	'00000001000000000000000000000000',
	'00000000800000000000000000000000',
	'00000000000000018000000000000000',
	'7fffffffffffffffffffffffffffffff',
	'ffffffffffffffffffffffffffffffff',
	'e1000000000000000000000000000000',
];

function elementOf(hex: string): FieldElement {
	return fieldFromBytes(fromHex(hex) ?? new Uint8Array(0));
}

function hexOf(value: FieldElement): string {
	return toHex(fieldToBytes(value));
}

/** NIST SP 800-38D section 6.3, algorithm 1, letter by letter; bit 0 of the specification is the leftmost. */
function slowMultiply(x: string, y: string): string {
	const r = 0xe1n << 120n;
	let z = 0n;
	let v = BigInt(`0x${y}`);
	const bits = BigInt(`0x${x}`);
	for (let i = 127n; i >= 0n; i--) {
		if ((bits >> i) & 1n) z ^= v;
		v = v & 1n ? (v >> 1n) ^ r : v >> 1n;
	}
	return z.toString(16).padStart(32, '0');
}

describe('gf128', () => {
	it('multiplies as in the GCM specification, test case 2', () => {
		const h = elementOf('66e94bd4ef8a2c3b884cfa59ca342b2e');
		const ciphertext = elementOf('0388dace60b6a392f328c2b971b2fe78');
		const x1 = fieldMultiply(ciphertext, h);
		expect(hexOf(x1)).toBe('5e2ec746917062882c85b0685353deb7');
		const lengths = elementOf('00000000000000000000000000000080');
		expect(hexOf(fieldMultiply(fieldAdd(x1, lengths), h))).toBe('f38cbb1ad69223dcc3457ae5b6b0f885');
	});

	it('agrees with the slow way on corners', () => {
		for (const a of corners)
			for (const b of corners)
				expect(hexOf(fieldMultiply(elementOf(a), elementOf(b)))).toBe(slowMultiply(a, b));
	});

	it('agrees with the slow way on anything', () => {
		fc.assert(
			fc.property(element, element, (a, b) => {
				expect(hexOf(fieldMultiply(a, b))).toBe(slowMultiply(hexOf(a), hexOf(b)));
			}),
		);
	});

	it('is a field', () => {
		fc.assert(
			fc.property(element, element, element, (a, b, c) => {
				expect(fieldMultiply(a, b)).toEqual(fieldMultiply(b, a));
				expect(fieldMultiply(fieldMultiply(a, b), c)).toEqual(
					fieldMultiply(a, fieldMultiply(b, c)),
				);
				expect(fieldMultiply(a, fieldAdd(b, c))).toEqual(
					fieldAdd(fieldMultiply(a, b), fieldMultiply(a, c)),
				);
				expect(fieldAdd(a, b)).toEqual(fieldAdd(b, a));
				expect(fieldAdd(a, a)).toEqual(ZERO);
				expect(fieldAdd(a, ZERO)).toEqual(a);
				expect(fieldMultiply(a, ONE)).toEqual(a);
				expect(fieldMultiply(a, ZERO)).toEqual(ZERO);
			}),
		);
	});

	it('inverts all but zero', () => {
		fc.assert(
			fc.property(nonZero, (a) => {
				expect(fieldMultiply(a, fieldInverse(a))).toEqual(ONE);
				expect(fieldInverse(fieldInverse(a))).toEqual(a);
			}),
		);
		expect(fieldInverse(ONE)).toEqual(ONE);
		expect(fieldInverse(ZERO)).toEqual(ZERO);
	});

	it('raises to powers', () => {
		fc.assert(
			fc.property(element, fc.nat(40), (a, exponent) => {
				let product: FieldElement = ONE;
				for (let i = 0; i < exponent; i++) product = fieldMultiply(product, a);
				expect(fieldPower(a, exponent)).toEqual(product);
			}),
		);
	});

	it('raises to powers beyond 32 bits', () => {
		fc.assert(
			fc.property(element, fc.nat(2 ** 20), fc.nat(2 ** 31), (a, m, n) => {
				expect(fieldMultiply(fieldPower(a, m), fieldPower(a, n))).toEqual(fieldPower(a, m + n));
				expect(fieldPower(fieldPower(a, 2 ** 20), 2 ** 13)).toEqual(fieldPower(a, 2 ** 33));
			}),
			{ numRuns: 30 },
		);
	});

	it('leaves its operands alone', () => {
		const a = elementOf(corners[6] ?? '');
		const b = elementOf(corners[7] ?? '');
		fieldMultiply(a, b);
		fieldAdd(a, b);
		fieldPower(a, 5);
		fieldInverse(a);
		expect([hexOf(a), hexOf(b)]).toEqual([corners[6], corners[7]]);
	});

	it('reads and writes 16 bytes, also within a larger buffer', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
				expect(fieldToBytes(fieldFromBytes(offsetView(bytes)))).toEqual(Uint8Array.from(bytes));
			}),
		);
	});
});
