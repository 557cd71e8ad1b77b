// Service Discovery, XEP-0030 version 2.5.0

import type { Agent } from 'stanza';
import { bareOf, domainOf } from '../../core/links/address.ts';
import type { Line } from '../line.ts';
import { fields } from '../untrusted.ts';
import type { Extension } from './extension.ts';

/** Services of a server that are looked at: servers with many gateways list as many. */
const MAX_ITEMS = 200;

export interface DiscoveryRequests {
	/** Whether the client at a full address says that it understands something (section 3). */
	supports(full: string, feature: string): Promise<boolean>;
}

/** Says of ourselves what we are and understand, to those who ask. */
export function describeOurselves({ disco }: Agent, features: readonly string[]): void {
	disco.features.set('', new Set(features));
	disco.identities.set('', [{ category: 'client', type: 'web', name: 'Balcony' }]);
}

/**
 * The bare addresses of our server's services, each once: itself first, then what it lists (section 4). They are known to the
 * line from then on. Rejects as stanza does.
 */
export async function fetchServices(
	line: Pick<Line, 'agent' | 'own' | 'services'>,
): Promise<readonly string[]> {
	const domain = domainOf(line.own);
	const { items } = fields(await line.agent.getDiscoItems(domain));
	const listed = (Array.isArray(items) ? items : [])
		.slice(0, MAX_ITEMS)
		.map((item) => bareOf(String(fields(item)['jid'] ?? '')))
		.filter((jid) => jid !== undefined);
	line.services = [...new Set([domain, ...listed])];
	return line.services;
}

function discoveryRequests({ agent, request }: Line): DiscoveryRequests {
	return {
		async supports(full, feature) {
			const { features } = fields(await request(agent.getDiscoInfo(full)));
			return Array.isArray(features) && features.includes(feature);
		},
	};
}

export const SERVICE_DISCOVERY = {
	number: '0030',
	version: '2.5.0',
	name: 'Service Discovery',
	features: ['http://jabber.org/protocol/disco#info'],
	requests: (line: Line) => ({ discovery: discoveryRequests(line) }),
} satisfies Extension;
