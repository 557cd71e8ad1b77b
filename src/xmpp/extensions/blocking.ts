// Blocking Command, XEP-0191 version 1.3

import { parseAddress } from '../../core/links/address.ts';
import type { Line } from '../line.ts';
import type { Extension } from './extension.ts';

export interface BlockingRequests {
	fetch(): Promise<readonly string[]>;
	set(jid: string, isBlocked: boolean): Promise<void>;
}

/** The addresses among what was listed. */
function addresses(jids: unknown): string[] {
	const list = Array.isArray(jids) ? jids : [];
	return list.map((jid) => parseAddress(String(jid))).filter((jid) => jid !== undefined);
}

function blockingRequests({ agent, request }: Line): BlockingRequests {
	return {
		fetch: async () => addresses((await request(agent.getBlocked())).jids),
		set: (jid, isBlocked) => request(isBlocked ? agent.block(jid) : agent.unblock(jid)),
	};
}

export const BLOCKING = {
	number: '0191',
	version: '1.3',
	name: 'Blocking Command',
	requests: (line: Line) => ({ blocking: blockingRequests(line) }),
	listen({ agent, events }: Line) {
		agent.on('block', ({ jids }) => events.blocked(addresses(jids), true));
		agent.on('unblock', ({ jids }) => events.blocked(addresses(jids), false));
	},
} satisfies Extension;
