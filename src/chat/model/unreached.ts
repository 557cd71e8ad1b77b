/** Why somebody who was asked to be a contact cannot have heard of it. */
export type Unreached = 'no-address' | 'no-server' | 'not-allowed';

/**
 * What an error of their presence says for sure (RFC 6120 section 8.3.3). That an address does not exist most servers say to
 * nobody: Prosody and ejabberd answer as if somebody were away.
 */
const CONDITIONS: Readonly<Record<string, Unreached>> = {
	'item-not-found': 'no-address',
	'jid-malformed': 'no-address',
	gone: 'no-address',
	'remote-server-not-found': 'no-server',
	'remote-server-timeout': 'no-server',
	// Of our own server, which has no connection to others, or not to that one.
	forbidden: 'not-allowed',
	'not-allowed': 'not-allowed',
};

export function unreachedBy(condition: string): Unreached | undefined {
	return Object.hasOwn(CONDITIONS, condition) ? CONDITIONS[condition] : undefined;
}
