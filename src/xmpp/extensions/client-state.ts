// Client State Indication, XEP-0352 version 1.0.0

import { type Agent, JXT } from 'stanza';
import type { Extension } from './extension.ts';

const FEATURE = 'clientStateIndication';

/** Tells a server that understands it whether somebody looks. */
export function sendClientState(agent: Agent, isActive: boolean): void {
	if (!agent.features.negotiated[FEATURE]) return;
	// Its own writes nothing: it is declared under another name than it is written by.
	const csi = { state: isActive ? 'active' : 'inactive' };
	void agent.send('csi', csi as unknown as { type: 'active' });
}

export const CLIENT_STATES: Extension = {
	number: '0352',
	version: '1.0.0',
	name: 'Client State Indication',
	// stanza 12.22 lacks it, and so does not notice that a server understands it.
	definitions: [JXT.extendStreamFeatures({ [FEATURE]: JXT.childBoolean('urn:xmpp:csi:0', 'csi') })],
};
