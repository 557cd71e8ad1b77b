// Service Discovery, XEP-0030 version 2.5.0 section 4

import type { Agent } from 'stanza';
import { bareOf } from '../core/links/address.ts';

/** Services of a server that are looked at: servers with many gateways list as many. */
const MAX_ITEMS = 200;

/** The bare addresses of a server's services, each once: itself first, then what it lists. Rejects as stanza does. */
export async function fetchServices(
	agent: Pick<Agent, 'getDiscoItems'>,
	domain: string,
): Promise<readonly string[]> {
	const { items } = (await agent.getDiscoItems(domain)) as { items?: unknown };
	const listed = (Array.isArray(items) ? items : [])
		.slice(0, MAX_ITEMS)
		.map((item: { jid?: unknown } | null) => bareOf(String(item?.jid ?? '')))
		.filter((jid) => jid !== undefined);
	return [...new Set([domain, ...listed])];
}
