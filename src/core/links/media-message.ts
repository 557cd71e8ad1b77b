import { MediaError } from '../errors.ts';
import { type AesgcmUri, parseAesgcmUri } from './aesgcm-uri.ts';

/** A message that is media: its URI and, if the sender gave a usable one, a thumbnail as a data URI. */
export interface MediaMessage {
	readonly uri: AesgcmUri;
	readonly thumbnail?: string;
}

/** Above this a thumbnail is not shown; the XEP advises about 5 KiB. */
const MAX_THUMBNAIL_BYTES = 32 * 1024;
const DATA_URI = /^data:image\/jpeg(?:;base64)?,([A-Za-z0-9+/]+={0,2})$/;

/**
 * Reads the body of a message that came out of OMEMO decryption (XEP-0454 sections 4 and 5): exactly one
 * aesgcm URI, optionally one line feed and one JPEG data URI. Anything else is text: undefined.
 */
export function parseMediaMessage(body: string): MediaMessage | undefined {
	const [first = '', second, ...rest] = body.split('\n');
	if (rest.length > 0) return undefined;
	const base64 = second === undefined ? undefined : jpegBase64(second);
	if (second !== undefined && base64 === undefined) return undefined;
	try {
		const uri = parseAesgcmUri(first);
		if (base64 === undefined || decodedLength(base64) > MAX_THUMBNAIL_BYTES) return { uri };
		return { uri, thumbnail: `data:image/jpeg;base64,${base64}` };
	} catch (thrown) {
		if (thrown instanceof MediaError) return undefined;
		throw thrown;
	}
}

/** A link to a file as it is written, and the thumbnail that came with it. */
export interface FileLink {
	/** `aesgcm:` URI */
	readonly uri: string;
	readonly thumbnail?: string;
}

/** The link that somebody pasted or typed: alone, or as the body of a message. Whether it is one shows when it is opened. */
export function linkIn(text: string): FileLink {
	const body = text.trim();
	const thumbnail = parseMediaMessage(body)?.thumbnail;
	if (thumbnail === undefined) return { uri: body };
	return { uri: body.slice(0, body.indexOf('\n')), thumbnail };
}

/** The payload, padded, of a data URI that holds base64 of something that begins like a JPEG. */
function jpegBase64(line: string): string | undefined {
	const written = DATA_URI.exec(line)?.[1] ?? '';
	const payload = written.replace(/={1,2}$/, '');
	// Padding may be left out, but what is there must be right (RFC 4648 section 4).
	if (payload.length % 4 === 1 || (written !== payload && written.length % 4 !== 0))
		return undefined;
	// FF D8 FF is 24 bits: four digits exactly.
	if (!payload.startsWith('/9j/')) return undefined;
	return payload.padEnd(Math.ceil(payload.length / 4) * 4, '=');
}

function decodedLength(base64: string): number {
	return (base64.length * 3) / 4 - (base64.length - base64.replace(/={1,2}$/, '').length);
}
