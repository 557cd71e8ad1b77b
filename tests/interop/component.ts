import { createHash } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { JXT } from 'stanza';
import type { ProsodyServer } from '../../tools/prosody.ts';

/** An external component: all addresses of a host are the test's (XEP-0114). */
export interface Component {
	/** Sends markup as it is. */
	send(xml: string): void;
	/** all stanzas that came, as they are */
	readonly received: string[];
	close(): Promise<void>;
}

/** What an IQ asked: the address that it went to, its local part, and all of it. */
export interface Question {
	readonly to: string;
	readonly user: string;
	readonly node: string | undefined;
	readonly stanza: JXT.XMLElement;
}

const PUBSUB = 'http://jabber.org/protocol/pubsub';
const STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';

/** The content of an IQ error (RFC 6120 section 8.3). */
export const stanzaError = (condition: string, type: string) =>
	`<error type="${type}"><${condition} xmlns="${STANZAS}"/></error>`;

/**
 * Connects a component as `host`. `answer`: the content of the answer to an IQ, which is an error if it is an error
 * element; undefined for no answer at all.
 */
export async function startComponent(
	server: ProsodyServer,
	{ host, secret }: { host: string; secret: string },
	answer: (question: Question) => string | undefined = () => undefined,
): Promise<Component> {
	const socket = net.connect(server.componentPort, '127.0.0.1');
	await once(socket, 'connect');
	const received: string[] = [];
	const send = (xml: string) => void socket.write(xml);
	const parser = new JXT.Parser();
	let stanza: JXT.XMLElement | undefined;
	let isOpen = false;
	let accepted: () => void = () => undefined;
	const ready = new Promise<void>((resolve, reject) => {
		accepted = resolve;
		socket.on('close', () => reject(new Error('the component was refused')));
	});
	ready.catch(() => undefined);

	function take(element: JXT.XMLElement): void {
		if (element.getName() === 'handshake') accepted();
		received.push(element.toString());
		const { from, to, id, type } = element.attributes;
		if (element.getName() !== 'iq' || (type !== 'get' && type !== 'set')) return;
		const pubsub = element.getChild('pubsub', PUBSUB);
		const node = pubsub?.getChild('items', PUBSUB)?.getAttribute('node') ?? undefined;
		const user = to?.split('@')[0] ?? '';
		const content = answer({ to: to ?? '', user, node, stanza: element });
		if (content === undefined) return;
		const kind = content.startsWith('<error') ? 'error' : 'result';
		send(`<iq from="${to}" to="${from}" id="${id}" type="${kind}">${content}</iq>`);
	}

	parser.on('startElement', (name: string, attributes: JXT.XMLElement['attributes']) => {
		const element = new JXT.XMLElement(name, attributes);
		if (!isOpen) {
			isOpen = true;
			const digest = createHash('sha1').update(`${attributes['id']}${secret}`).digest('hex');
			send(`<handshake>${digest}</handshake>`);
		} else stanza = stanza === undefined ? element : (stanza.appendChild(element) as typeof stanza);
	});
	parser.on('text', (text: string) => stanza?.appendChild(text));
	parser.on('endElement', () => {
		const ended = stanza;
		stanza = ended?.parent;
		if (ended !== undefined && stanza === undefined) take(ended);
	});
	const decoder = new TextDecoder();
	socket.on('data', (bytes) => parser.write(decoder.decode(bytes, { stream: true })));
	socket.on('error', () => socket.destroy());
	const streams = 'http://etherx.jabber.org/streams';
	send(`<stream:stream xmlns="jabber:component:accept" xmlns:stream="${streams}" to="${host}">`);
	await ready;
	return {
		send,
		received,
		async close() {
			if (socket.destroyed) return;
			socket.destroy();
			await once(socket, 'close');
		},
	};
}
