/** Failures between us and the server: one code for each that has a message of its own for people. */
export type XmppErrorCode =
	/** no way to the server was found: its host-meta names none (XEP-0156) */
	| 'no-endpoint'
	/** an address of a WebSocket that is not wss */
	| 'endpoint-insecure'
	/** wrong address or password */
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

/** The type of an error stanza (RFC 6120 section 8.3.2). */
export type StanzaErrorType = 'auth' | 'cancel' | 'continue' | 'modify' | 'wait';

const TYPES: readonly unknown[] = ['auth', 'cancel', 'continue', 'modify', 'wait'];
/** Conditions that pass, whatever the type that came with them: servers give `cancel` or `wait` as they please. */
const PASSING: readonly unknown[] = [
	'remote-server-timeout',
	'resource-constraint',
	'recipient-unavailable',
];

/** The one error class of the connection. */
export class XmppError extends Error {
	override readonly name = 'XmppError';
	readonly code: XmppErrorCode;
	/** of the error stanza, where there was one */
	readonly type: StanzaErrorType | undefined;
	readonly condition: string | undefined;

	constructor(
		code: XmppErrorCode,
		options: {
			cause?: unknown;
			type?: StanzaErrorType | undefined;
			condition?: string | undefined;
		} = {},
	) {
		super(options.condition ?? code, 'cause' in options ? { cause: options.cause } : {});
		this.code = code;
		this.type = options.type;
		this.condition = options.condition;
	}
}

/** Whether the same may work later, on the same connection. `offline` is another case: nobody refused anything. */
export function isPassing({ code, type, condition }: XmppError): boolean {
	if (code === 'timeout') return true;
	return code === 'refused' && (type === 'wait' || PASSING.includes(condition));
}

/** The type of an error stanza, if it is one. */
export function readErrorType(value: unknown): StanzaErrorType | undefined {
	return TYPES.includes(value) ? (value as StanzaErrorType) : undefined;
}

/** An XmppError for the error stanza that stanza rejects with. */
export function asXmppError(thrown: unknown): XmppError {
	if (thrown instanceof XmppError) return thrown;
	// An answer that lacks what it must have: its error, or what stanza stumbles over.
	if (thrown instanceof TypeError || isErrorStanza(thrown)) {
		const { error } = thrown as { error?: { condition?: unknown; type?: unknown } };
		if (error?.condition === 'timeout') return new XmppError('timeout', { cause: thrown });
		const condition = error?.condition;
		return new XmppError('refused', {
			condition: typeof condition === 'string' ? condition : 'undefined-condition',
			type: readErrorType(error?.type),
			cause: thrown,
		});
	}
	return new XmppError('offline', { cause: thrown });
}

function isErrorStanza(thrown: unknown): boolean {
	if (typeof thrown !== 'object' || thrown === null) return false;
	const { type, error } = thrown as { type?: unknown; error?: unknown };
	return type === 'error' || (typeof error === 'object' && error !== null);
}
