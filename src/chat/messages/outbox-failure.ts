import { OmemoError } from '../../omemo/omemo-error.ts';
import { isStorageError } from '../../vault/is-storage-error.ts';
import { isPassing, XmppError } from '../../xmpp/xmpp-error.ts';

/** Its author took it back while it was being encrypted, or the session ended. */
export class TakenBack extends Error {}
/** No server takes a stanza of this size. */
export class TooLong extends Error {}

/**
 * Decides whether a message that could not be sent waits, and for what, or fails, and why. Neither while there is no
 * connection: it goes on with the next one.
 */
export function judgeFailure(
	thrown: unknown,
	isConnected: boolean,
): { readonly waitsFor?: string; readonly problem?: string } {
	if (thrown instanceof TakenBack) return {};
	if (thrown instanceof TooLong) return { problem: 'too-long' };
	if (isStorageError(thrown)) return { waitsFor: 'storage-full' };
	if (!isConnected) return {};
	if (thrown instanceof OmemoError) {
		if (thrown.code !== 'unavailable') return { problem: thrown.code };
		const { cause } = thrown;
		return { waitsFor: cause instanceof XmppError ? reasonOf(cause) : thrown.code };
	}
	if (!(thrown instanceof XmppError)) return { problem: 'internal' };
	const mayPass = thrown.code === 'offline' || isPassing(thrown);
	return mayPass ? { waitsFor: reasonOf(thrown) } : { problem: reasonOf(thrown) };
}

function reasonOf({ condition, code }: XmppError): string {
	return condition ?? code;
}
