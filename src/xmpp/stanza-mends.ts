import { type Agent, JXT } from 'stanza';

/*
 * Faults of stanza 12.22 that are mended at run time, each with its place in https://github.com/legastero/stanza. Where
 * a whole part is done differently, that has a file of its own: frames, stream management, binding, SCRAM.
 */

/** The presences that are about who may see whom (RFC 6121 section 3). */
export const SUBSCRIPTION_TYPES: readonly unknown[] = [
	'subscribe',
	'subscribed',
	'unsubscribe',
	'unsubscribed',
];
/** Types of presence (RFC 6121 section 4.7.1). */
const PRESENCE_TYPES: readonly unknown[] = [
	undefined,
	'error',
	'probe',
	'unavailable',
	...SUBSCRIPTION_TYPES,
];
const STANZAS: readonly unknown[] = ['message', 'presence', 'iq'];
/** stanza's answers to everybody: the version, which ours tells contacts alone, the time, and calls (XEP-0092, XEP-0202, XEP-0166). */
const UNPROMISED = ['iq:get:softwareVersion', 'iq:get:time', 'iq:set:jingle'];

/**
 * src/Client.ts, src/plugins/entity.ts. Keeps others from what stanza 12.22 would let them do: it calls an event by whatever type a presence has, the end of the
 * connection among them. And what one of its listeners stumbles over counts as received all the same (XEP-0198 section 4).
 */
export function guardAgent(agent: Agent): void {
	for (const name of UNPROMISED) agent.removeAllListeners(name as 'iq');
	agent.prependListener('presence', (presence) => {
		if (!PRESENCE_TYPES.includes(presence.type)) presence.type = 'error';
	});
	const emit = agent.emit.bind(agent) as (name: unknown, ...args: unknown[]) => boolean;
	agent.emit = ((name: unknown, ...args: unknown[]) => {
		if (!STANZAS.includes(name)) return emit(name, ...args);
		try {
			return emit(name, ...args);
		} catch {
			return true;
		}
	}) as Agent['emit'];
}

/** src/protocol/rfc6120.ts. An id letter by letter: an empty one is taken for none, and an answer without it reaches nobody. */
const EXACT_ID: JXT.FieldDefinition<string> = {
	importer: (xml) => xml.getAttribute('id'),
	exporter(xml, id) {
		xml.setAttribute('id', id, true);
	},
};
export const EXACT_IDS: readonly JXT.DefinitionOptions[] = [
	JXT.extendIQ({ id: EXACT_ID }),
	JXT.extendMessage({ id: EXACT_ID }),
];

/** src/platform/browser/crypto/Hmac.ts. Keys are padded to the block of SHA-512 only under the name without a hyphen. */
export function mendHmac(mechanism: object, name: string): void {
	if (name === 'SCRAM-SHA-512') Object.assign(mechanism, { algorithm: 'sha512' });
}

/** Milliseconds that stanza has to notice the end of a socket. */
const CLOSE_TIME = 500;

/**
 * src/transports/websocket.ts. The end of a socket that is being written to at that moment is missed: the stream is
 * destroyed by the failed write, and no event of it comes any more.
 */
export function mendTransport(agent: Agent, closed: (code: number) => void): void {
	const transport = agent.transport as
		| { socket?: WebSocket; disconnect(clean: boolean): void }
		| undefined;
	transport?.socket?.addEventListener('close', ({ code }) => {
		closed(code);
		setTimeout(() => {
			if (agent.transport === (transport as unknown)) transport.disconnect(false);
		}, CLOSE_TIME);
	});
}
