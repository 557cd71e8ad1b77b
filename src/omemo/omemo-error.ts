import type { RatchetErrorCode } from './ratchet/ratchet-error.ts';

/** What can go wrong with OMEMO, one code for each thing a person would be told differently. */
export type OmemoErrorCode =
	/** not an element of OMEMO 0.3, or beyond its bounds */
	| 'element-invalid'
	/** encrypted, but not to this device */
	| 'not-for-us'
	/** the session with that device cannot decrypt it; `reason` says why */
	| 'session-broken'
	/** decrypted before */
	| 'duplicate'
	/** the payload does not match its tag */
	| 'payload-invalid'
	/** the contact has published no device that can read OMEMO */
	| 'no-devices'
	/** the contact has devices, and none of them is trusted */
	| 'no-trusted-devices'
	/** the server did not answer, or refused; or a part of this app could not be loaded */
	| 'unavailable';

/** The one error class of OMEMO; texts and causes never hold keys or plaintext. */
export class OmemoError extends Error {
	override readonly name = 'OmemoError';
	readonly code: OmemoErrorCode;
	readonly reason: RatchetErrorCode | undefined;

	constructor(code: OmemoErrorCode, options: { cause?: unknown; reason?: RatchetErrorCode } = {}) {
		super(code, 'cause' in options ? { cause: options.cause } : {});
		this.code = code;
		this.reason = options.reason;
	}
}
