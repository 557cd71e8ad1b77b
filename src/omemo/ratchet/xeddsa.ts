import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { type Bytes, concatBytes } from '../../core/bytes.ts';
import type { KeyPair } from './key-pair.ts';

const { Point } = ed25519;
const { Fp, Fn } = Point;
const SIGNATURE_LENGTH = 64;
const SIGN_BIT = 0x80;

/**
 * Signs with an X25519 key (XEdDSA, https://signal.org/docs/specifications/xeddsa/ section 3); 64 bytes.
 * `random` is 64 fresh bytes.
 */
export function signXeddsa(
	{ privateKey }: Pick<KeyPair, 'privateKey'>,
	message: Uint8Array,
	random: Uint8Array = crypto.getRandomValues(new Uint8Array(64)),
): Bytes {
	const k = Fn.create(littleEndian(privateKey));
	const edwards = Point.BASE.multiply(k);
	const encoded = edwards.toBytes();
	const isNegative = ((encoded[31] ?? 0) & SIGN_BIT) !== 0;
	const a = isNegative ? Fn.neg(k) : k;
	const publicKey = withoutSign(encoded);
	const prefix = new Uint8Array(32).fill(0xff);
	prefix[0] = 0xfe;
	const r = scalarOf(prefix, bytesOf(a), message, random);
	const commitment = Point.BASE.multiply(r).toBytes();
	const h = scalarOf(commitment, publicKey, message);
	return concatBytes(commitment, bytesOf(Fn.add(r, Fn.mul(h, a))));
}

/**
 * Whether an X25519 public key's owner signed a message. Takes both kinds that are in use: with the sign of the Edwards
 * point in the last bit of the signature (older libsignal), and without one.
 */
export function verifyXeddsa(
	publicKey: Uint8Array,
	message: Uint8Array,
	signature: Uint8Array,
): boolean {
	if (publicKey.length !== 32 || signature.length !== SIGNATURE_LENGTH) return false;
	const u = littleEndian(withoutSign(publicKey));
	if (u >= Fp.ORDER || Fp.eql(u, Fp.neg(Fp.ONE))) return false;
	const y = Fp.mul(Fp.sub(u, Fp.ONE), Fp.inv(Fp.add(u, Fp.ONE)));
	const edwards = bytesOf(y);
	const sign = (signature[63] ?? 0) & SIGN_BIT;
	edwards[31] = (edwards[31] ?? 0) | sign;
	try {
		return ed25519.verify(withoutSign(signature), message, edwards, { zip215: false });
	} catch {
		return false;
	}
}

/** A copy whose last bit, the sign of a point, is off. */
function withoutSign(bytes: Uint8Array): Bytes {
	const copy = Uint8Array.from(bytes);
	copy[copy.length - 1] = (copy.at(-1) ?? 0) & ~SIGN_BIT;
	return copy;
}

/** SHA-512 of some parts as a scalar. */
function scalarOf(...parts: readonly Uint8Array[]): bigint {
	return Fn.create(littleEndian(sha512(concatBytes(...parts))));
}

function littleEndian(bytes: Uint8Array): bigint {
	return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** 32 bytes, little endian. */
function bytesOf(value: bigint): Bytes {
	const bytes = new Uint8Array(32);
	for (let i = 0, rest = value; i < bytes.length; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
	return bytes;
}
