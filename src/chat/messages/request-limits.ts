import { domainOf } from '../../core/links/address.ts';
import type { Conversation } from '../model/conversation.ts';

/** Unknown people whose messages are kept until somebody answers or removes them: of all, and of one server. */
const MAX_REQUESTS = 200;
const MAX_REQUESTS_OF_SERVER = 50;

/** How much room unknown people take. */
export interface RequestCounts {
	readonly all: number;
	/** by domain */
	readonly ofServer: ReadonlyMap<string, number>;
}

export function countRequests(conversations: Iterable<Conversation>): RequestCounts {
	const ofServer = new Map<string, number>();
	let all = 0;
	for (const { peer, isRequest } of conversations) {
		if (isRequest !== true) continue;
		const domain = domainOf(peer);
		all += 1;
		ofServer.set(domain, (ofServer.get(domain) ?? 0) + 1);
	}
	return { all, ofServer };
}

/** Whether there is room for one more, of this address. */
export function hasRoomFor(peer: string, { all, ofServer }: RequestCounts): boolean {
	return all < MAX_REQUESTS && (ofServer.get(domainOf(peer)) ?? 0) < MAX_REQUESTS_OF_SERVER;
}

/** Whether more of all, or of one server, are not taken. */
export function isFull({ all, ofServer }: RequestCounts): boolean {
	return (
		all >= MAX_REQUESTS || [...ofServer.values()].some((count) => count >= MAX_REQUESTS_OF_SERVER)
	);
}
