/** What can go wrong between us and the server, one code for each thing a person would be told differently. */
export type XmppErrorCode =
	/** no way to the server was found: its host-meta names none (XEP-0156) */
	| 'no-endpoint'
	/** an address of a WebSocket that is not wss */
	| 'endpoint-insecure'
	/** wrong address or password, or no SCRAM */
	| 'auth-failed'
	/** the server makes no accounts this way */
	| 'registration-closed'
	/** somebody has this address */
	| 'address-taken'
	/** no connection, or it broke */
	| 'offline'
	/** the server refused; `condition` is its word for it (RFC 6120 section 8.3.3) */
	| 'refused'
	/** the server did not answer in time */
	| 'timeout';

/** The one error class of the connection. */
export class XmppError extends Error {
	override readonly name = 'XmppError';
	readonly code: XmppErrorCode;
	readonly condition: string | undefined;

	constructor(code: XmppErrorCode, options: { cause?: unknown; condition?: string } = {}) {
		super(options.condition ?? code, 'cause' in options ? { cause: options.cause } : {});
		this.code = code;
		this.condition = options.condition;
	}
}

/** What stanza rejects with, an error stanza, as an XmppError. */
export function asXmppError(thrown: unknown): XmppError {
	if (thrown instanceof XmppError) return thrown;
	const condition = (thrown as { error?: { condition?: unknown } } | undefined)?.error?.condition;
	if (condition === 'timeout') return new XmppError('timeout', { cause: thrown });
	if (typeof condition === 'string') return new XmppError('refused', { condition });
	// stanza has stumbled over an answer that lacks what it must have.
	if (thrown instanceof TypeError)
		return new XmppError('refused', { condition: 'undefined-condition', cause: thrown });
	return new XmppError('offline', { cause: thrown });
}
