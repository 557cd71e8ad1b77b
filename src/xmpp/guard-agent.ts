import type { Agent } from 'stanza';

/** The presences that are about who may see whom (RFC 6121 section 3). */
export const SUBSCRIPTION_TYPES: readonly unknown[] = [
	'subscribe',
	'subscribed',
	'unsubscribe',
	'unsubscribed',
];
/** What a presence can be (RFC 6121 section 4.7.1). */
const PRESENCE_TYPES: readonly unknown[] = [
	undefined,
	'error',
	'probe',
	'unavailable',
	...SUBSCRIPTION_TYPES,
];
const STANZAS: readonly unknown[] = ['message', 'presence', 'iq'];
/** stanza's answers to everybody: the version, which ours tells contacts alone, the time, and calls (XEP-0092, XEP-0202, XEP-0166). */
const UNPROMISED = ['iq:get:softwareVersion', 'iq:get:time', 'iq:set:jingle'];

/**
 * Keeps others from what stanza 12.22 would let them do: it calls an event by whatever type a presence has, the end of the
 * connection among them. And what one of its listeners stumbles over counts as received all the same (XEP-0198 section 4).
 */
export function guardAgent(agent: Agent): void {
	for (const name of UNPROMISED) agent.removeAllListeners(name as 'iq');
	agent.prependListener('presence', (presence) => {
		if (!PRESENCE_TYPES.includes(presence.type)) presence.type = 'error';
	});
	const emit = agent.emit.bind(agent) as (name: unknown, ...args: unknown[]) => boolean;
	agent.emit = ((name: unknown, ...args: unknown[]) => {
		if (!STANZAS.includes(name)) return emit(name, ...args);
		try {
			return emit(name, ...args);
		} catch {
			return true;
		}
	}) as Agent['emit'];
}
