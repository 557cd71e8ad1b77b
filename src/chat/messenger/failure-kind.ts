import type { FailureKind } from '../../omemo/omemo-transport.ts';
import { isPassing, XmppError } from '../../xmpp/xmpp-error.ts';

/** What a failure of a request means for whoever waits for its answer. */
export function failureKind(thrown: unknown): FailureKind {
	if (!(thrown instanceof XmppError)) return 'permanent';
	if (thrown.code === 'offline') return 'offline';
	return isPassing(thrown) ? 'passing' : 'permanent';
}
