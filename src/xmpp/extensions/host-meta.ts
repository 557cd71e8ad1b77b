// Discovering Alternative XMPP Connection Methods, XEP-0156 version 1.4.0

import { JXT } from 'stanza';
import type { Extension } from './extension.ts';

const RELATION = 'urn:xmpp:alt-connections:websocket';

interface Link {
	readonly rel?: unknown;
	readonly href?: unknown;
}

/**
 * The first secure WebSocket that a host-meta in JSON names (RFC 6415 appendix A), or the first of all where it came over plain HTTP
 * itself; undefined for none, or for no host-meta.
 */
export function readJsonHostMeta(text: string, isPlain = false): string | undefined {
	try {
		const { links } = JSON.parse(text) as { links?: unknown };
		return Array.isArray(links)
			? first(
					links.map((link: Link | null) => link ?? {}),
					isPlain,
				)
			: undefined;
	} catch {
		return undefined;
	}
}

/** The first secure WebSocket that a host-meta in XML names (RFC 6415 section 3); undefined for none, or for what is no XML. */
export function readXmlHostMeta(text: string, isPlain = false): string | undefined {
	const links: Link[] = [];
	const names: string[] = [];
	const parser = new JXT.Parser();
	parser.on('error', (error: unknown) => {
		throw error;
	});
	parser.on('startElement', (name: string, attributes: Link) => {
		if (names.length === 1 && name.split(':').at(-1) === 'Link') links.push(attributes);
		names.push(name);
	});
	parser.on('endElement', (name: string) => {
		if (names.pop() !== name) throw new SyntaxError('not well-formed');
	});
	try {
		parser.write(text);
	} catch {
		return undefined;
	}
	return names.length > 0 ? undefined : first(links, isPlain);
}

function first(links: readonly Link[], isPlain: boolean): string | undefined {
	const found = links.find(({ rel, href }) => rel === RELATION && isUsable(href, isPlain));
	return found === undefined ? undefined : String(found.href);
}

/** Whether a WebSocket may be opened there: not with anybody's name, nor with a fragment (RFC 6455 section 3). */
function isUsable(href: unknown, isPlain: boolean): boolean {
	if (typeof href !== 'string' || !URL.canParse(href)) return false;
	const { protocol, username, password, hash } = new URL(href);
	const isAllowed = protocol === 'wss:' || (isPlain && protocol === 'ws:');
	return isAllowed && username === '' && password === '' && hash === '';
}

/** `endpoint.ts` asks for it, before there is a line. */
export const HOST_META: Extension = {
	number: '0156',
	version: '1.4.0',
	name: 'Discovering Alternative XMPP Connection Methods',
	onlyPart: 'WebSocket',
};
