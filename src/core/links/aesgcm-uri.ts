import { type Bytes, fromHex, toHex } from '../bytes.ts';
import { KEY_LENGTH } from '../crypto/gcm.ts';
import { MediaError } from '../errors.ts';
import { replaceInvisible } from '../text/visible-text.ts';

/** An encrypted file's address: where the ciphertext lies, and what decrypts it. */
export interface AesgcmUri {
	/** https, without a fragment */
	readonly url: URL;
	/** 12 bytes, or 16 from old clients */
	readonly iv: Bytes;
	/** 32 bytes */
	readonly key: Bytes;
}

/** Longer than any slot a server hands out; a bound for the expression below. */
const MAX_URI_LENGTH = 8192;
const HEX_DIGITS = /[0-9a-f]+/gi;
/** Digits of a key behind an IV of 12 bytes, or of 16. */
const SECRET_LENGTHS: readonly number[] = [88, 96];
/** Digits of a key alone. */
const KEY_DIGITS = 2 * KEY_LENGTH;

/**
 * RFC 3986, only what can follow `aesgcm:` (XEP-0454 section 3), and in the path what RFC 3987 adds. Matched before any URL
 * parser sees the text: those repair tabs, backslashes, full-width dots and much else.
 */
const GRAMMAR =
	/^aesgcm:\/\/(?<host>[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?<port>:[0-9]{1,5})?(?<path>\/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2}|[\u{80}-\u{10FFFF}])*)(?<query>\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?#(?<secret>[0-9A-Fa-f]+)$/u;
const BEYOND_ASCII = /[\u{80}-\u{10FFFF}]+/gu;
/** Blanks that no file server writes as they are. */
const BLANK = /[\s\p{Z}\u2800]/u;

/**
 * Reads an aesgcm URI (XEP-0454 section 3): fragment of 88 or 96 hex digits, IV first. Letters beyond ASCII in its path,
 * which some servers hand out as they are, are percent-encoded as UTF-8; what cannot be seen is refused.
 * Throws MediaError `uri-invalid`, without any part of the text.
 */
export function parseAesgcmUri(text: string): AesgcmUri {
	const parts = text.length <= MAX_URI_LENGTH ? GRAMMAR.exec(text)?.groups : undefined;
	// `$` also matches before a final line feed in some engines' modes, never in JavaScript without `m`.
	if (parts === undefined) throw new MediaError('uri-invalid');
	const { host = '', port = '', path = '', query = '', secret = '' } = parts;
	if (BLANK.test(path) || replaceInvisible(path, '') !== path) throw new MediaError('uri-invalid');
	const https = `https://${host}${port}${path.replace(BEYOND_ASCII, encodeURIComponent)}${query}`;
	if (!URL.canParse(https)) throw new MediaError('uri-invalid');
	const url = new URL(https);
	// Escapes make it longer: what is written again must be read again.
	const length = url.href.length + 'aesgcm'.length - 'https'.length + '#'.length + secret.length;
	if (length > MAX_URI_LENGTH) throw new MediaError('uri-invalid');
	// 0x7f.1 or 2130706433 become other hosts in the parser: what was written must be what is asked.
	if (!sameHost(url.hostname, host)) throw new MediaError('uri-invalid');
	const bytes = SECRET_LENGTHS.includes(secret.length) ? fromHex(secret) : undefined;
	if (bytes === undefined) throw new MediaError('uri-invalid');
	const split = bytes.length - KEY_LENGTH;
	return { url, iv: bytes.slice(0, split), key: bytes.slice(split) };
}

/** Writes an aesgcm URI. Throws MediaError `uri-invalid` for what could not be read back. */
export function formatAesgcmUri({ url, iv, key }: AesgcmUri): string {
	// 14 bytes and 30 would make 88 digits, too, and be read back as another IV and key.
	if (key.length !== KEY_LENGTH || url.protocol !== 'https:' || url.hash !== '')
		throw new MediaError('uri-invalid');
	const text = `aesgcm${url.href.slice('https'.length)}#${toHex(iv)}${toHex(key)}`;
	parseAesgcmUri(text);
	return text;
}

/** RFC 3986 has none of these in a path or a query, and URL parsers leave them: `|`, `^`, a lone `%`, and others. */
const NOT_ALLOWED = /[^A-Za-z0-9._~!$&'()*+,;=:@/?%-]|%(?![0-9A-Fa-f]{2})/gu;

/**
 * The address of the same resource as an aesgcm URI can carry it: what a browser leaves in a path or a query although
 * RFC 3986 forbids it is percent-encoded. undefined for what no aesgcm URI can carry: another scheme, user information,
 * a fragment, a port that nothing can be fetched from, a host that `parseAesgcmUri` refuses, an address that is too long.
 */
export function aesgcmUrl(url: URL): URL | undefined {
	const { protocol, username, password, hash, href, host, port } = url;
	// A lone `#` is a fragment, too, and leaves `hash` empty.
	if (username !== '' || password !== '' || hash !== '' || href.includes('#') || port === '0')
		return undefined;
	const origin = `${protocol}//${host}`;
	const rest = href.slice(origin.length).replace(NOT_ALLOWED, encodeURIComponent);
	const text = `${origin}${rest}`;
	try {
		const written = new URL(text);
		const secret = { iv: new Uint8Array(12), key: new Uint8Array(KEY_LENGTH) };
		const { url: read } = parseAesgcmUri(formatAesgcmUri({ url: written, ...secret }));
		return read.href === text ? read : undefined;
	} catch {
		return undefined;
	}
}

/**
 * Takes the path and the fragment out of everything in a text that begins like an aesgcm URI, and the secret
 * out of what was meant as one: broken by a space or a line break, or with its scheme mistyped.
 */
export function redactAesgcmUris(text: string): string {
	const redacted = text
		.replace(
			/aesgcm:\/\/([^\s/?#]*)[^\s#]*(?:#\S*)?/gi,
			(_, host: string) => `aesgcm://${host}/...#redacted`,
		)
		.replace(/#[0-9a-f]{88,}/gi, '#redacted');
	if (!/aesgcm/i.test(redacted)) return redacted;
	return redacted.replace(HEX_DIGITS, (digits) =>
		digits.length < KEY_DIGITS ? digits : 'redacted',
	);
}

function sameHost(parsed: string, written: string): boolean {
	if (parsed === written.toLowerCase()) return true;
	// The parser shortens IPv6 addresses; nothing but an IPv6 address comes in brackets.
	return written.startsWith('[') && parsed.startsWith('[');
}
