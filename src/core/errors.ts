/**
 * Failures of media: one code for each that has a message of its own for people.
 * Messages and causes never hold keys, fragments or full aesgcm URIs.
 */
export type MediaErrorCode =
	/** not a valid aesgcm URI (XEP-0454 section 3) */
	| 'uri-invalid'
	/** a message between page and worker that is not one of ours */
	| 'message-invalid'
	/** the host is a loopback or private address or a localhost name */
	| 'host-refused'
	/** the tag does not match, or bytes differ from what was counted before */
	| 'tampered'
	/** 404 or 410 */
	| 'expired'
	/** 401 or 403 */
	| 'forbidden'
	/** 429, or 503, also after the retries */
	| 'busy'
	/** any other refusal by the server */
	| 'server'
	/** the server answers, but not to web clients */
	| 'cors'
	/** no answer, or cut too often */
	| 'network'
	/** the server went silent */
	| 'timeout'
	/** led to an address that is not https */
	| 'redirect'
	/** leads elsewhere, or is larger than what is downloaded automatically, and nobody has asked for it */
	| 'unasked'
	/** size or ETag changed while loading, twice */
	| 'changed'
	/** shorter than a tag */
	| 'too-short'
	/** beyond what AES-GCM can protect, or beyond a limit of ours */
	| 'too-large'
	/** the record is gone, or never was */
	| 'not-found'
	/** the browser could not keep the key, and no page has it */
	| 'key-missing'
	/** the quota cannot hold it */
	| 'storage-full'
	/** IndexedDB or the Cache API refuse to work */
	| 'storage-unavailable'
	/** of no kind that is shown here; it can be saved */
	| 'type-unsupported'
	/** ended by the user */
	| 'cancelled'
	/** a bug of ours */
	| 'internal';

/** Facts about an error that a person may be shown. */
export interface MediaErrorDetail {
	/** HTTP status */
	readonly status?: number;
	/** seconds until another try makes sense */
	readonly retryAfter?: number;
	/** other bytes than the server sends now were played before */
	readonly played?: boolean;
	/** it leads elsewhere */
	readonly redirected?: boolean;
	/** host name, never a path */
	readonly host?: string;
}

/** The one error class of the media engine; tests and UI look at `code`, never at the text. */
export class MediaError extends Error {
	override readonly name = 'MediaError';
	readonly code: MediaErrorCode;
	readonly detail: MediaErrorDetail;

	constructor(
		code: MediaErrorCode,
		options: { cause?: unknown; detail?: MediaErrorDetail; message?: string } = {},
	) {
		super(options.message ?? code, 'cause' in options ? { cause: options.cause } : {});
		this.code = code;
		this.detail = options.detail ?? {};
	}
}

/** Any thrown value as a MediaError; what is not one becomes `internal` with the value as its cause. */
export function asMediaError(thrown: unknown): MediaError {
	return thrown instanceof MediaError ? thrown : new MediaError('internal', { cause: thrown });
}
