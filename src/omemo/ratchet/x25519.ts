import { type Bytes, concatBytes, equalBytes, fromHex, toHex } from '../../core/bytes.ts';
import { loadCurves } from './load-curves.ts';

/** X25519 (RFC 7748) of 32 bytes each. */
export interface Arithmetic {
	/** Throws for points of low order. */
	sharedSecret(privateKey: Bytes, publicKey: Bytes): Promise<Bytes>;
	generate(): Promise<{ privateKey: Bytes; publicKey: Bytes }>;
}

/** What stands before the bytes of a private key in PKCS #8 (RFC 8410 section 7). */
const PKCS8 = fromHex('302e020100300506032b656e04220420') ?? new Uint8Array(0);

/** That of WebCrypto (Secure Curves in the Web Cryptography API). */
export const NATIVE: Arithmetic = {
	async sharedSecret(privateKey, publicKey) {
		const { subtle } = crypto;
		const scalar = Uint8Array.from(privateKey);
		// WebKitGTK takes no key that begins with a zero; the last three bits are not looked at (RFC 7748 section 5).
		scalar[0] = (scalar[0] ?? 0) | 1;
		const [ours, theirs] = await Promise.all([
			subtle.importKey('pkcs8', concatBytes(PKCS8, scalar), 'X25519', false, ['deriveBits']),
			subtle.importKey('raw', publicKey, 'X25519', false, []),
		]);
		const agreed = { name: 'X25519', public: theirs };
		const secret = new Uint8Array(await subtle.deriveBits(agreed, ours, 256));
		// Early drafts left it to the caller.
		if (equalBytes(secret, new Uint8Array(32))) throw new TypeError('low order');
		return secret;
	},
	async generate() {
		const { subtle } = crypto;
		const pair = (await subtle.generateKey('X25519', true, ['deriveBits'])) as CryptoKeyPair;
		const { d, x } = await subtle.exportKey('jwk', pair.privateKey);
		return { privateKey: fromBase64Url(d), publicKey: fromBase64Url(x) };
	},
};

/** Keys and their secret (RFC 7748 section 6.1). */
const KNOWN = [
	'77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a',
	'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
	'4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742',
].map((text) => fromHex(text) ?? new Uint8Array(0));

/** Points of low order, in every form that 255 bits have for them (https://cr.yp.to/ecdh.html). */
const LOW_ORDER = [
	'00'.repeat(32),
	`01${'00'.repeat(31)}`,
	'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
	'5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
	...['ec', 'ed', 'ee'].map((first) => `${first}${'ff'.repeat(30)}7f`),
];

/** No secret comes of it, whatever it is combined with: nothing else is asked about that. */
function isLowOrder(publicKey: Bytes): boolean {
	const masked = Uint8Array.from(publicKey);
	masked[31] = (masked[31] ?? 0) & 0x7f;
	return LOW_ORDER.includes(toHex(masked));
}

let chosen: Promise<Arithmetic> | undefined;

/**
 * The browser's if it has one that is right, and the library's for what that refuses: WebKitGTK's now and then does without a
 * reason. Throws RatchetError `not-loaded`.
 */
export function arithmetic(): Promise<Arithmetic> {
	chosen ??= choose().catch((thrown: unknown) => {
		chosen = undefined;
		throw thrown;
	});
	return chosen;
}

async function choose(): Promise<Arithmetic> {
	return (await isRight(NATIVE)) ? WITH_LIBRARY_BEHIND : library();
}

const library = async () => (await loadCurves()).LIBRARY;

const WITH_LIBRARY_BEHIND: Arithmetic = {
	async sharedSecret(privateKey, publicKey) {
		if (isLowOrder(publicKey)) throw new TypeError('low order');
		return NATIVE.sharedSecret(privateKey, publicKey).catch(async () =>
			(await library()).sharedSecret(privateKey, publicKey),
		);
	},
	generate: () => NATIVE.generate().catch(async () => (await library()).generate()),
};

async function isRight({ sharedSecret, generate }: Arithmetic): Promise<boolean> {
	const [known, other, wanted] = KNOWN as [Bytes, Bytes, Bytes];
	try {
		const [ours, theirs] = await Promise.all([generate(), generate()]);
		const [one, same, expected] = await Promise.all([
			sharedSecret(ours.privateKey, theirs.publicKey),
			sharedSecret(theirs.privateKey, ours.publicKey),
			sharedSecret(known, other),
		]);
		return equalBytes(one, same) && equalBytes(expected, wanted);
	} catch {
		return false;
	}
}

function fromBase64Url(text = ''): Bytes {
	const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
	return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}
