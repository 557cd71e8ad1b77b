// Stream Management, XEP-0198 version 1.6 section 5

import type { Agent } from 'stanza';

/** What stanza 12.22 has, and its declarations keep to themselves. */
interface StreamManagement {
	/** '' for no session */
	readonly id: string;
	readonly inboundStarted: boolean;
	readonly unacked: [kind: string, stanza: object][];
	track(kind: string, stanza: object): Promise<boolean>;
}

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
 */
export function holdStanzas(agent: Agent): void {
	const sm = agent.sm as unknown as StreamManagement;
	const held = new WeakSet<object>();
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

	const track = sm.track.bind(sm);
	// All that is sent passes here first.
	sm.track = async (kind, stanza) => {
		mind(agent.transport as Transport | undefined);
		const waits = sm.id !== '' && (isDown || !sm.inboundStarted);
		if (!waits || !STANZAS.includes(kind)) {
			held.delete(stanza);
			return track(kind, stanza);
		}
		held.add(stanza);
		sm.unacked.push([kind, stanza]);
		return false;
	};
}
