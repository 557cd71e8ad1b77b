/** What can go wrong in the ratchet; texts and causes never hold keys or plaintext. */
export type RatchetErrorCode =
	/** not a message of this protocol, or of another version of it */
	| 'message-invalid'
	/** not a point of the curve that can be used, or of another length */
	| 'key-invalid'
	/** a signed prekey that its identity has not signed */
	| 'signature-invalid'
	/** the MAC does not match in any session: altered, or of another session */
	| 'mac-invalid'
	/** decrypted before, or so long ago that its key is gone */
	| 'duplicate'
	/** claims to be further ahead than keys are kept for */
	| 'too-far'
	/** names a prekey of ours that is used up, or never was */
	| 'prekey-missing'
	/** there is no session to decrypt or encrypt with */
	| 'no-session'
	/** a part of this app that it needs could not be loaded */
	| 'not-loaded';

/** The one error class of the ratchet; look at `code`, never at the text. */
export class RatchetError extends Error {
	override readonly name = 'RatchetError';
	readonly code: RatchetErrorCode;

	constructor(code: RatchetErrorCode, options: { cause?: unknown } = {}) {
		super(code, 'cause' in options ? { cause: options.cause } : {});
		this.code = code;
	}
}
