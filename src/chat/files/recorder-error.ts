/** Why nothing can be recorded, one code for each thing a person would be told differently. */
export type RecorderErrorCode =
	/** the browser cannot record, or not on a page like this */
	| 'unsupported'
	/** the person, the browser or the page's policy does not allow it */
	| 'denied'
	| 'no-microphone'
	/** something else has the microphone, or the system does not hand it out */
	| 'busy'
	/** it ended before there was anything */
	| 'empty';

/** The one error class of recording. */
export class RecorderError extends Error {
	override readonly name = 'RecorderError';
	readonly code: RecorderErrorCode;

	constructor(code: RecorderErrorCode, options?: { cause: unknown }) {
		super(code, options);
		this.code = code;
	}
}

const CODES: Record<string, RecorderErrorCode> = {
	NotAllowedError: 'denied',
	SecurityError: 'denied',
	NotFoundError: 'no-microphone',
	// WebKitGTK's word where there is none.
	OverconstrainedError: 'no-microphone',
	NotReadableError: 'busy',
	AbortError: 'busy',
};

/** Errors that getUserMedia and MediaRecorder throw (https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia). */
export function asRecorderError(thrown: unknown): RecorderError {
	if (thrown instanceof RecorderError) return thrown;
	const code = CODES[(thrown as { name?: string } | undefined)?.name ?? ''] ?? 'unsupported';
	return new RecorderError(code, { cause: thrown });
}
