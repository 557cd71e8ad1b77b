import { x25519 } from '@noble/curves/ed25519.js';
import { type Bytes, concatBytes, equalBytes, fromHex, toBytes } from '../../core/bytes.ts';

/** X25519 (RFC 7748) of 32 bytes each. */
interface Arithmetic {
	/** Throws for points of low order. */
	sharedSecret(privateKey: Bytes, publicKey: Bytes): Promise<Bytes>;
	generate(): Promise<{ privateKey: Bytes; publicKey: Bytes }>;
}

/** Our own where the browser has none: slower, and not in constant time for certain. */
const OURS: Arithmetic = {
	async sharedSecret(privateKey, publicKey) {
		return toBytes(x25519.getSharedSecret(privateKey, publicKey));
	},
	async generate() {
		const privateKey = crypto.getRandomValues(new Uint8Array(32));
		return { privateKey, publicKey: publicKeyOf(privateKey) };
	},
};

/** What stands before the bytes of a private key in PKCS #8 (RFC 8410 section 7). */
const PKCS8 = fromHex('302e020100300506032b656e04220420') ?? new Uint8Array(0);

/** That of WebCrypto (Secure Curves in the Web Cryptography API). */
const NATIVE: Arithmetic = {
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

let chosen: Promise<Arithmetic> | undefined;

/** The browser's if it has one that is right, and ours for what that refuses: WebKitGTK's now and then does without a reason. */
export function arithmetic(): Promise<Arithmetic> {
	chosen ??= isRight(NATIVE).then((right) => (right ? WITH_OURS_BEHIND : OURS));
	return chosen;
}

const WITH_OURS_BEHIND: Arithmetic = {
	sharedSecret: (...keys) => NATIVE.sharedSecret(...keys).catch(() => OURS.sharedSecret(...keys)),
	generate: () => NATIVE.generate().catch(() => OURS.generate()),
};

/** Both, to be compared by tests. */
export const ARITHMETICS: readonly Arithmetic[] = [OURS, NATIVE];

/** Of a private key as it is: clamped or not, it is the same. */
export function publicKeyOf(privateKey: Bytes): Bytes {
	return toBytes(x25519.getPublicKey(privateKey));
}

async function isRight({ sharedSecret, generate }: Arithmetic): Promise<boolean> {
	try {
		const [ours, theirs] = await Promise.all([generate(), generate()]);
		const [one, other, expected] = await Promise.all([
			sharedSecret(ours.privateKey, theirs.publicKey),
			sharedSecret(theirs.privateKey, ours.publicKey),
			OURS.sharedSecret(ours.privateKey, theirs.publicKey),
		]);
		return equalBytes(one, expected) && equalBytes(other, expected);
	} catch {
		return false;
	}
}

function fromBase64Url(text = ''): Bytes {
	const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
	return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}
