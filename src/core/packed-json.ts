import type { Bytes } from './bytes.ts';

/** Marks a byte string among the values of JSON. */
const BYTES = '$bytes';

/** Plain values with byte strings in them (objects, arrays, strings, numbers, booleans) as UTF-8. */
export function packJson(value: unknown): Bytes {
	const text = JSON.stringify(value, (_, part: unknown) =>
		part instanceof Uint8Array ? { [BYTES]: toBase64(part) } : part,
	);
	return new TextEncoder().encode(text);
}

/** The inverse of `packJson`. Throws SyntaxError or TypeError for anything else. */
export function unpackJson(packed: Uint8Array): unknown {
	const text = new TextDecoder('utf-8', { fatal: true }).decode(packed);
	return JSON.parse(text, (_, part: unknown) => {
		if (typeof part !== 'object' || part === null || !(BYTES in part)) return part;
		return fromBase64(String(part[BYTES])) ?? part;
	});
}

/** Base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
	let binary = '';
	for (const byte of bytes) binary += String.fromCharCode(byte);
	return btoa(binary);
}

/** Decodes base64, padding optional; undefined when the text is anything else. */
export function fromBase64(text: string): Bytes | undefined {
	try {
		return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
	} catch {
		return undefined;
	}
}
