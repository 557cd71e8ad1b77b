import { loadOnce } from '../core/async/load-once.ts';
import { XmppError } from './xmpp-error.ts';

/** It reads XML with stanza's parser. */
const loadHostMeta = loadOnce(() => import('./extensions/host-meta.ts'));
/** Milliseconds. */
const TIME = 8000;
/** Characters of a host-meta that are read. */
const MAX_LENGTH = 65_536;

/**
 * Where a domain's server takes WebSockets, best first (XEP-0156 section 3), by what lies at its web origin. Both forms of host-meta
 * are read, because servers have one or the other. Throws XmppError `no-endpoint`.
 */
export async function discoverWebSocket(
	origin: string,
	fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<string> {
	const isPlain = origin.startsWith('http:');
	const find = async (file: string, reader: 'readJsonHostMeta' | 'readXmlHostMeta') => {
		const response = await fetch(`${origin}/.well-known/${file}`, {
			credentials: 'omit',
			referrerPolicy: 'no-referrer',
			signal: AbortSignal.timeout(TIME),
		});
		const text = response.ok ? await shortText(response) : undefined;
		const { [reader]: read } = await loadHostMeta();
		const found = text === undefined ? undefined : read(text, isPlain);
		if (found === undefined) throw new XmppError('no-endpoint');
		return found;
	};
	const found = await Promise.any([
		find('host-meta.json', 'readJsonHostMeta'),
		find('host-meta', 'readXmlHostMeta'),
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

/** The text of an answer. Throws XmppError `no-endpoint` where it is longer than any host-meta, however much would come. */
async function shortText(response: Response): Promise<string> {
	const reader = response.body?.getReader();
	const decoder = new TextDecoder();
	let text = '';
	for (;;) {
		const { done, value } = (await reader?.read()) ?? { done: true };
		if (done) return text + decoder.decode();
		text += decoder.decode(value, { stream: true });
		if (text.length <= MAX_LENGTH) continue;
		await reader?.cancel();
		throw new XmppError('no-endpoint');
	}
}
