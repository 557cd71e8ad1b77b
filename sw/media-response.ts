import type { MediaErrorCode } from '../src/core/errors.ts';
import { attachment } from '../src/core/text/file-name.ts';

/** On every answer below /media/: nothing of it runs, is framed, sniffed, cached or read by another origin. */
const WALLS = {
	'Accept-Ranges': 'bytes',
	'Cache-Control': 'no-store',
	'X-Content-Type-Options': 'nosniff',
	'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
	'Cross-Origin-Resource-Policy': 'same-origin',
	'Referrer-Policy': 'no-referrer',
} as const;

/** Headers of media that is shown; `part` for 206 (RFC 9110 section 15.3.7). Sizes in bytes. */
export function mediaHeaders(
	type: string,
	size: number,
	part?: { start: number; end: number },
): Record<string, string> {
	const length = part === undefined ? size : part.end - part.start;
	return {
		...WALLS,
		'Content-Type': type,
		'Content-Length': `${length}`,
		'Content-Disposition': 'inline',
		...(part && { 'Content-Range': `bytes ${part.start}-${part.end - 1}/${size}` }),
	};
}

/** Headers of a save: always an attachment of no type. */
export function saveHeaders(name: string, size: number): Record<string, string> {
	return {
		...WALLS,
		// WebKit saves nothing out of a frame that may not be framed.
		'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'self'",
		'Content-Type': 'application/octet-stream',
		'Content-Length': `${size}`,
		'Content-Disposition': attachment(name),
	};
}

/** An empty answer. */
export function refusal(status: number, headers: Record<string, string> = {}): Response {
	return new Response(null, { status, headers: { ...WALLS, ...headers } });
}

/** The status by which a media element, which cannot read our errors, is told no. */
export function statusOf(code: MediaErrorCode): number {
	switch (code) {
		case 'not-found':
		case 'key-missing':
			return 404;
		case 'expired':
			return 410;
		case 'host-refused':
		case 'forbidden':
			return 403;
		case 'type-unsupported':
			return 415;
		case 'busy':
		case 'cancelled':
			return 503;
		case 'timeout':
			return 504;
		case 'storage-full':
			return 507;
		default:
			return 502;
	}
}
