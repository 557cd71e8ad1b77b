/** Where the two policies come from: the static servers, the meta element and the examples under deploy/ all agree with this file. */

interface PolicyOptions {
	/** the build for `npm start` and the tests: fetches from loopback hosts are allowed */
	readonly loopback?: boolean;
	/** for a meta element, which may not hold `frame-ancestors` */
	readonly meta?: boolean;
	/** for Vite's development server, which adds style elements and reloads modules; loopback hosts are allowed, too */
	readonly development?: boolean;
}

const LOOPBACK_SOURCES = 'http://localhost:* http://127.0.0.1:*';
const LOOPBACK_SOCKETS = 'ws://localhost:* ws://127.0.0.1:*';

/** The page's policy (CSP level 3). */
export function contentSecurityPolicy({
	meta = false,
	development = false,
	loopback = development,
}: PolicyOptions = {}): string {
	return [
		"default-src 'none'",
		"script-src 'self'",
		`style-src 'self'${development ? " 'unsafe-inline'" : ''}`,
		"img-src 'self' data: blob:",
		"media-src 'self' blob:",
		`connect-src 'self' https: wss:${loopback ? ` ${LOOPBACK_SOURCES} ${LOOPBACK_SOCKETS}` : ''}`,
		"manifest-src 'self'",
		"worker-src 'self'",
		"frame-src 'self'",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'none'",
		...(meta ? [] : ["frame-ancestors 'none'"]),
		...(development ? [] : ["require-trusted-types-for 'script'", 'trusted-types default']),
	].join('; ');
}

/** The worker's own policy, sent with its script: it runs itself and fetches from https hosts, nothing else. */
export function workerPolicy({ loopback = false }: PolicyOptions = {}): string {
	return `default-src 'none'; script-src 'self'; connect-src 'self' https:${loopback ? ` ${LOOPBACK_SOURCES}` : ''}`;
}

/** Headers of every answer of the host (values of the release build unless told otherwise). */
export function commonHeaders(options: PolicyOptions = {}): Record<string, string> {
	return {
		'Content-Security-Policy': contentSecurityPolicy(options),
		'Cross-Origin-Opener-Policy': 'same-origin',
		'Cross-Origin-Resource-Policy': 'same-origin',
		'Permissions-Policy': 'camera=(self), microphone=(self), geolocation=(), payment=(), usb=()',
		'Referrer-Policy': 'no-referrer',
		// RFC 6797; browsers pass over it where the connection is not secure.
		...(options.loopback || options.development
			? {}
			: { 'Strict-Transport-Security': 'max-age=31536000' }),
		'X-Content-Type-Options': 'nosniff',
	};
}
