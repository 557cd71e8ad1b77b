import type { FailureKind } from '../../omemo/omemo-transport.ts';
import { isPassing, XmppError } from '../../xmpp/xmpp-error.ts';

/** Tells failures of requests apart: our line is down, the same may work later, or it is for good. */
export function failureKind(thrown: unknown): FailureKind {
	if (!(thrown instanceof XmppError)) return 'permanent';
	if (thrown.code === 'offline') return 'offline';
	return isPassing(thrown) ? 'passing' : 'permanent';
}
