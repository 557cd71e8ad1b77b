// XMPP over WebSocket, RFC 7395 section 3.3

import { JXT } from 'stanza';

/** Characters of a frame that are read: more than any server lets through. */
const MAX_LENGTH = 8_388_608;
/** Elements within each other that are read: stanza goes down them by recursion. A copy from an archive has about ten. */
const MAX_DEPTH = 64;
/** Characters in which the first tag of a frame ends. */
const MAX_TAG = 65_536;
/** One after the other, so that nothing in the value of one is taken for another. */
const ATTRIBUTE = /\s+([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;

/** A top-level element as stanza has it. */
export interface Frame {
	readonly kind: string | undefined;
	readonly stanza: object;
}

/**
 * Reads the elements of a frame. A stanza that is not well-formed, or too long, or that stanza stumbles over, is one that
 * says nothing, but counts; undefined if there is something else that cannot be read.
 */
export function readFrame(registry: JXT.Registry, text: string): Frame[] | undefined {
	try {
		return read(registry, text);
	} catch {
		const instead = standIn(text);
		return instead && [instead];
	}
}

function read(registry: JXT.Registry, text: string): Frame[] {
	if (text.length > MAX_LENGTH) throw new RangeError('frame too long');
	const frames: Frame[] = [];
	for (const element of elementsOf(text)) {
		const stanza = registry.import(element, { acceptLanguages: ['en'], lang: 'en', registry });
		if (stanza !== undefined) frames.push({ kind: registry.getImportKey(element), stanza });
	}
	return frames;
}

/** Leaves out elements that are nested too deeply. */
function elementsOf(text: string): JXT.XMLElement[] {
	const all: JXT.XMLElement[] = [];
	const names: string[] = [];
	let open: JXT.XMLElement | undefined;
	const parser = new JXT.Parser({ allowComments: false });
	parser.on('error', (error: unknown) => {
		throw error;
	});
	parser.on('startElement', (name: string, attributes: Record<string, string>) => {
		names.push(name);
		if (names.length > MAX_DEPTH) return;
		const element = new JXT.XMLElement(name, attributes);
		open?.appendChild(element);
		open = element;
	});
	parser.on('text', (part: string) => {
		if (names.length <= MAX_DEPTH) open?.children.push(part);
	});
	parser.on('endElement', (name: string) => {
		if (names.pop() !== name) throw new SyntaxError('not well-formed');
		if (names.length >= MAX_DEPTH) return;
		if (names.length === 0 && open !== undefined) all.push(open);
		open = open?.parent;
	});
	parser.write(text);
	if (names.length > 0) throw new SyntaxError('not well-formed');
	return all;
}

/**
 * Stands in for a stanza that cannot be read: an empty one, a question that nobody understands, or an answer that fails.
 * undefined for what is no stanza.
 */
function standIn(text: string): Frame | undefined {
	const [tag = '', kind] = /^\s*<(message|presence|iq)\b[^<]*/.exec(text.slice(0, MAX_TAG)) ?? [];
	if (kind === undefined) return undefined;
	const { type, ...names } = namesIn(tag.slice(tag.indexOf(kind) + kind.length));
	if (kind !== 'iq') return { kind, stanza: { type: 'unreadable' } };
	// Who asks waits for an answer.
	if (type === 'get' || type === 'set')
		return { kind, stanza: { ...names, type, payloadType: 'unknown-payload' } };
	if (type !== 'result' && type !== 'error') return { kind, stanza: { type: 'unreadable' } };
	const error = { condition: 'undefined-condition', type: 'cancel' };
	return { kind, stanza: { ...names, type: 'error', error } };
}

/** Whom a stanza names and how, by the attributes that a tag begins with. */
function namesIn(attributes: string): { type?: string; id?: string; from?: string; to?: string } {
	const names: Record<string, string> = {};
	ATTRIBUTE.lastIndex = 0;
	for (let found = ATTRIBUTE.exec(attributes); found; found = ATTRIBUTE.exec(attributes)) {
		const [, name = '', value, other = ''] = found;
		if (['type', 'id', 'from', 'to'].includes(name)) names[name] = JXT.unescapeXML(value ?? other);
	}
	return names;
}
