/** Failures of sharing a file: one code for each that has a message of its own for people. */
export type ShareErrorCode =
	/** the server takes no files (XEP-0363) */
	| 'no-upload'
	/** larger than the server takes; `limit` where it says so */
	| 'too-large'
	/** as much as the server takes from one account for now */
	| 'quota'
	/** the server does not let us */
	| 'forbidden'
	/** the server gave no slot, in its own words where it has some */
	| 'slot-refused'
	/** the upload service does not answer, or says that it cannot just now */
	| 'slot-timeout'
	/** a slot that is not https, or whose download address no link can carry */
	| 'slot-invalid'
	/** a slot that needs a Cookie, which a page cannot send */
	| 'slot-cookie'
	/** the upload host refused the bytes; `status` is its word */
	| 'upload-refused'
	/** the upload host has no room left */
	| 'upload-full'
	/** it said that it has them, and has fewer */
	| 'upload-incomplete'
	/** no answer, or the line broke */
	| 'network'
	| 'file-empty'
	/** it is gone, or may not be read any more */
	| 'file-unreadable'
	/** it changed while it was read */
	| 'file-changed'
	/** the page was closed before it was kept, or the browser has cleared it away */
	| 'file-lost'
	/** the conversation is not encrypted, and no key goes into one that is not */
	| 'not-encrypted'
	/** where it was taken cannot be taken out of it */
	| 'not-clean'
	/** this device has no room for it */
	| 'storage-full'
	| 'cancelled'
	/** a bug of ours */
	| 'internal';

/** Facts that a person may be shown; what a server says is shown as text, and cut. */
export interface ShareErrorDetail {
	/** bytes */
	readonly limit?: number;
	/** HTTP status */
	readonly status?: number;
	/** milliseconds since the epoch from which on another try makes sense */
	readonly retryAt?: number;
	/** the server's own words */
	readonly text?: string;
	/** host name */
	readonly host?: string;
}

/** The one error class of sharing. */
export class ShareError extends Error {
	override readonly name = 'ShareError';
	readonly code: ShareErrorCode;
	readonly detail: ShareErrorDetail;

	constructor(code: ShareErrorCode, options: { cause?: unknown; detail?: ShareErrorDetail } = {}) {
		super(code, 'cause' in options ? { cause: options.cause } : {});
		this.code = code;
		this.detail = options.detail ?? {};
	}
}
