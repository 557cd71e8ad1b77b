import { concatBytes, fromHex, toHex } from '../../core/bytes.ts';
import { toBase64 } from '../../core/packed-json.ts';

/** Bytes that stanza writes and reads as text. */
class Octets extends Uint8Array {
	override toString(encoding = 'utf8'): string {
		if (encoding === 'hex') return toHex(this);
		if (encoding === 'base64') return toBase64(this);
		return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this);
	}

	/** Negative, 0 or positive, as for a sort. */
	compare(other: Uint8Array): number {
		for (let i = 0; i < Math.min(this.length, other.length); i++) {
			const difference = (this[i] ?? 0) - (other[i] ?? 0);
			if (difference !== 0) return Math.sign(difference);
		}
		return Math.sign(this.length - other.length);
	}
}

/** As lenient as Node: what is no base64 is passed over, and what follows a "=" is left out. */
function fromLooseBase64(text: string): Uint8Array<ArrayBuffer> {
	const digits = (text.split('=')[0] ?? '')
		.replace(/-/g, '+')
		.replace(/_/g, '/')
		.replace(/[^A-Za-z0-9+/]/g, '');
	const whole = digits.length % 4 === 1 ? digits.slice(0, -1) : digits;
	return Uint8Array.from(atob(whole), (character) => character.charCodeAt(0));
}

/** What stanza uses of Node's Buffer, for UTF-8, hex and base64. Never throws for a text. */
export const Buffer = {
	/** The bytes of a text, or a copy of bytes. */
	from(value: string | ArrayLike<number>, encoding = 'utf8'): Octets {
		if (typeof value !== 'string') return new Octets(value);
		if (encoding === 'hex') return new Octets(fromHex(value) ?? []);
		if (encoding === 'base64') return new Octets(fromLooseBase64(value));
		return new Octets(new TextEncoder().encode(value));
	},
	concat: (parts: readonly Uint8Array[]): Octets => new Octets(concatBytes(...parts)),
	compare: (a: Uint8Array, b: Uint8Array): number => new Octets(a).compare(b),
};
