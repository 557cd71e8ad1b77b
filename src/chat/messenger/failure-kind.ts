import type { FailureKind } from '../../omemo/omemo-transport.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';

/** Refusals that may be others soon (RFC 6120 section 8.3.3). */
const PASSING: readonly unknown[] = [
	'remote-server-timeout',
	'resource-constraint',
	'recipient-unavailable',
];

/** What a failure of a request means for whoever waits for its answer. */
export function failureKind(thrown: unknown): FailureKind {
	if (!(thrown instanceof XmppError)) return 'permanent';
	if (thrown.code === 'offline') return 'offline';
	return thrown.code === 'timeout' || PASSING.includes(thrown.condition) ? 'passing' : 'permanent';
}
