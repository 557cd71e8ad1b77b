import { XmppError } from './xmpp-error.ts';

const RELATION = 'urn:xmpp:alt-connections:websocket';
/** Milliseconds. */
const TIME = 8000;
/** Characters of a host-meta that are read. */
const MAX_LENGTH = 65_536;

/**
 * Where a domain's server takes WebSockets, best first (XEP-0156 section 3). Both forms of host-meta are read, because
 * servers have one or the other. Throws XmppError `no-endpoint`.
 */
export async function discoverWebSocket(
	domain: string,
	fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<string> {
	const get = async (file: string) => {
		const response = await fetch(`https://${domain}/.well-known/${file}`, {
			credentials: 'omit',
			referrerPolicy: 'no-referrer',
			signal: AbortSignal.timeout(TIME),
		});
		if (!response.ok) throw new XmppError('no-endpoint');
		return (await response.text()).slice(0, MAX_LENGTH);
	};
	const found = await Promise.any([
		get('host-meta.json').then(fromJson),
		get('host-meta').then(fromXml),
	]).catch((cause: unknown) => {
		throw new XmppError('no-endpoint', { cause });
	});
	return found;
}

/**
 * A WebSocket's address as it may be used: wss, or ws on loopback where the build allows that. Throws XmppError
 * `endpoint-insecure`.
 */
export function checkEndpoint(text: string, loopback: boolean): string {
	if (!URL.canParse(text)) throw new XmppError('no-endpoint');
	const url = new URL(text);
	const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
	if (url.protocol === 'wss:' || (loopback && isLocal && url.protocol === 'ws:')) return url.href;
	throw new XmppError('endpoint-insecure');
}

function fromJson(text: string): string {
	const { links } = JSON.parse(text) as { links?: unknown };
	if (!Array.isArray(links)) throw new XmppError('no-endpoint');
	return first(links.map((link: { rel?: unknown; href?: unknown } | null) => link ?? {}));
}

function fromXml(text: string): string {
	const links = [...text.matchAll(/<Link\b[^>]*>/g)].map(([tag]) => ({
		rel: /\brel\s*=\s*["']([^"']*)["']/.exec(tag)?.[1],
		href: /\bhref\s*=\s*["']([^"']*)["']/.exec(tag)?.[1]?.replaceAll('&amp;', '&'),
	}));
	return first(links);
}

function first(links: readonly { rel?: unknown; href?: unknown }[]): string {
	for (const { rel, href } of links)
		if (rel === RELATION && typeof href === 'string' && href.startsWith('wss://')) return href;
	throw new XmppError('no-endpoint');
}
