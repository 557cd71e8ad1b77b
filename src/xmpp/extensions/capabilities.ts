// Entity Capabilities, XEP-0115 version 1.6.0

import type { Agent } from 'stanza';
import type { Extension } from './extension.ts';

/** Says that we are here, and what we understand: those who see us need not ask. */
export function announce(agent: Agent): void {
	agent.updateCaps();
	const capabilities = agent.disco.getCaps();
	agent.sendPresence(capabilities ? { legacyCapabilities: capabilities } : {});
}

export const CAPABILITIES: Extension = {
	number: '0115',
	version: '1.6.0',
	name: 'Entity Capabilities',
	features: ['http://jabber.org/protocol/caps'],
};
