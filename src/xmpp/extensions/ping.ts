// XMPP Ping, XEP-0199 version 2.0.1

import type { Agent } from 'stanza';
import { fields } from '../untrusted.ts';
import type { Extension } from './extension.ts';

/** Asks the server for a sign of life; whether one came. An error is one, too. */
export async function ping(agent: Agent): Promise<boolean> {
	try {
		await agent.ping();
		return true;
	} catch (thrown) {
		return fields(fields(thrown)['error'])['condition'] !== 'timeout';
	}
}

export const PING: Extension = {
	number: '0199',
	version: '2.0.1',
	name: 'XMPP Ping',
	features: ['urn:xmpp:ping'],
};
