import type { Bytes } from '../bytes.ts';

/**
 * An element of GF(2^128) as GCM writes it (NIST SP 800-38D, section 6.3): four big-endian words,
 * the leftmost bit being the coefficient of x^0.
 */
export type FieldElement = Uint32Array;

/** Reads 16 bytes. */
export function fieldFromBytes(bytes: Uint8Array): FieldElement {
	const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
	return Uint32Array.of(
		view.getUint32(0),
		view.getUint32(4),
		view.getUint32(8),
		view.getUint32(12),
	);
}

/** Writes 16 bytes. */
export function fieldToBytes(element: FieldElement): Bytes {
	const bytes = new Uint8Array(16);
	const view = new DataView(bytes.buffer);
	for (let i = 0; i < 4; i++) view.setUint32(4 * i, element[i] ?? 0);
	return bytes;
}

/** The sum, which is exclusive or. */
export function fieldAdd(a: FieldElement, b: FieldElement): FieldElement {
	const sum = new Uint32Array(4);
	for (let i = 0; i < 4; i++) sum[i] = (a[i] ?? 0) ^ (b[i] ?? 0);
	return sum;
}

/** The product modulo x^128 + x^7 + x^2 + x + 1, without branches or look-ups that depend on the operands. */
export function fieldMultiply(a: FieldElement, b: FieldElement): FieldElement {
	let v0 = b[0] ?? 0;
	let v1 = b[1] ?? 0;
	let v2 = b[2] ?? 0;
	let v3 = b[3] ?? 0;
	let z0 = 0;
	let z1 = 0;
	let z2 = 0;
	let z3 = 0;
	for (let word = 0; word < 4; word++) {
		const bits = a[word] ?? 0;
		for (let bit = 31; bit >= 0; bit--) {
			const chosen = -((bits >>> bit) & 1);
			z0 ^= v0 & chosen;
			z1 ^= v1 & chosen;
			z2 ^= v2 & chosen;
			z3 ^= v3 & chosen;
			const carry = -(v3 & 1);
			v3 = (v3 >>> 1) | (v2 << 31);
			v2 = (v2 >>> 1) | (v1 << 31);
			v1 = (v1 >>> 1) | (v0 << 31);
			v0 = (v0 >>> 1) ^ (carry & 0xe1000000);
		}
	}
	return Uint32Array.of(z0, z1, z2, z3);
}

/** `base` to the power of a whole number >= 0. */
export function fieldPower(base: FieldElement, exponent: number): FieldElement {
	let result: FieldElement = Uint32Array.of(0x80000000, 0, 0, 0);
	let square = base;
	for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
		if (rest % 2 === 1) result = fieldMultiply(result, square);
		if (rest > 1) square = fieldMultiply(square, square);
	}
	return result;
}

/** The inverse, by Fermat: a^(2^128 - 2). That of zero is zero. */
export function fieldInverse(a: FieldElement): FieldElement {
	let square = fieldMultiply(a, a);
	let result = square;
	for (let i = 2; i < 128; i++) {
		square = fieldMultiply(square, square);
		result = fieldMultiply(result, square);
	}
	return result;
}
