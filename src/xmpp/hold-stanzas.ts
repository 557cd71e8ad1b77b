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

const STANZAS: readonly string[] = ['message', 'presence', 'iq'];

/**
 * Keeps stanzas back as long as a session waits to be resumed; they go with those that are sent again then. stanza writes
 * them at once as well: the server counts both, and for each such pair one later stanza is taken as received that got lost.
 */
export function holdStanzas(agent: Agent): void {
	const sm = agent.sm as unknown as StreamManagement;
	const held = new WeakSet<object>();
	const track = sm.track.bind(sm);
	sm.track = async (kind, stanza) => {
		if (sm.id === '' || sm.inboundStarted || !STANZAS.includes(kind)) return track(kind, stanza);
		held.add(stanza);
		sm.unacked.push([kind, stanza]);
		return false;
	};
	agent.on('connected', () => {
		// What an attempt left that was cut off: it would go on beside the new one.
		agent.removeAllListeners('sm');
		const { transport } = agent;
		const send = transport?.send.bind(transport);
		if (transport === undefined || send === undefined) return;
		transport.send = async (kind, data) => {
			if (data === undefined || !held.delete(data)) await send(kind, data);
		};
	});
}
