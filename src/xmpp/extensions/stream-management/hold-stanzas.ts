// Stream Management, XEP-0198 version 1.6.3 section 5

import type { Agent } from 'stanza';
import { streamManagementOf } from './stanza-sm.ts';

interface Transport {
	readonly socket?: WebSocket;
	readonly destroyed?: boolean;
	send(kind: string, data?: object): Promise<void>;
}

/** Of a WebSocket. */
const OPEN = 1;
const STANZAS: readonly string[] = ['message', 'presence', 'iq'];

/**
 * Keeps stanzas back as long as a session waits to be resumed; they go with those that are sent again then. stanza writes
 * them at once as well: the server counts both, and for each such pair one later stanza is taken as received that got lost.
 * Gives whether a stanza has been written, or is about to be.
 */
export function holdStanzas(agent: Agent): (stanza: object) => boolean {
	const sm = streamManagementOf(agent);
	const held = new WeakSet<object>();
	/** held, and not yet sent with what is sent again */
	const unwritten = new WeakSet<object>();
	const minded = new WeakSet<object>();
	let isDown = true;
	agent.on('connected', () => {
		isDown = false;
		// What an attempt left that was cut off: it would go on beside the new one.
		agent.removeAllListeners('sm');
	});
	agent.on('disconnected', () => {
		isDown = true;
	});

	function mind(transport: Transport | undefined): void {
		if (transport === undefined || minded.has(transport)) return;
		minded.add(transport);
		const send = transport.send.bind(transport);
		transport.send = async (kind, data) => {
			if (data !== undefined && held.delete(data)) return;
			const { socket, destroyed } = transport;
			// A stream that is written to while its socket is not open is destroyed, and says nothing any more.
			const isOpen = destroyed !== true && (socket === undefined || socket.readyState === OPEN);
			if (isOpen) await send(kind, data).catch(() => undefined);
		};
	}

	// stanza counts nothing of what it sends again, and takes the acknowledgements for what came after: as new, they count.
	agent.sm.removeAllListeners('resend');
	agent.sm.on('resend', ({ kind, stanza }) => void agent.send(kind, stanza));

	// stanza gives a session up whose line breaks once more before it goes on.
	sm.hibernate = async () => {
		if (sm.id === '' || !sm.allowResume) await sm.shutdown();
	};

	const track = sm.track.bind(sm);
	// All that is sent passes here first.
	sm.track = async (kind, stanza) => {
		mind(agent.transport as Transport | undefined);
		const waits = sm.id !== '' && (isDown || !sm.inboundStarted);
		if (!waits || !STANZAS.includes(kind)) {
			held.delete(stanza);
			unwritten.delete(stanza);
			return track(kind, stanza);
		}
		held.add(stanza);
		unwritten.add(stanza);
		sm.unacked.push([kind, stanza]);
		return false;
	};
	return (stanza) => !unwritten.has(stanza);
}
