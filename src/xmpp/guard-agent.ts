import type { Agent } from 'stanza';

/** What a presence can be (RFC 6121 section 4.7.1). */
const PRESENCE_TYPES: readonly unknown[] = [
	undefined,
	'error',
	'probe',
	'subscribe',
	'subscribed',
	'unavailable',
	'unsubscribe',
	'unsubscribed',
];

/**
 * Keeps others from what stanza 12.22 would let them do: it calls an event by whatever type a presence has, the end of the
 * connection among them.
 */
export function guardAgent(agent: Agent): void {
	agent.prependListener('presence', (presence) => {
		if (!PRESENCE_TYPES.includes(presence.type)) presence.type = 'error';
	});
}
