import { MediaError } from '../core/errors.ts';
import { isLoopbackHost, isPublicHost } from '../core/http/host-policy.ts';

/** Set by the build; only `npm start` and the tests have it. */
declare const __LOOPBACK__: boolean;

/**
 * The address to fetch for a record's https URL. Throws MediaError `host-refused` for hosts that are not public;
 * the loopback build alone fetches https on this machine as http.
 */
export function upstreamUrl(url: string): string {
	const parsed = new URL(url);
	if (parsed.protocol !== 'https:') throw new MediaError('redirect');
	parsed.hash = '';
	if (__LOOPBACK__ && isLoopbackHost(parsed.hostname)) {
		parsed.protocol = 'http:';
		return parsed.href;
	}
	if (!isPublicHost(parsed.hostname))
		throw new MediaError('host-refused', { detail: { host: parsed.hostname } });
	return parsed.href;
}

/** Whether a response may have come from `url`, after redirects. */
export function isUpstreamUrl(url: string): boolean {
	const { protocol, hostname } = new URL(url);
	if (__LOOPBACK__ && protocol === 'http:') return isLoopbackHost(hostname);
	return protocol === 'https:' && isPublicHost(hostname);
}
