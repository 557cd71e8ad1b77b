/** Why signing in did not work: codes of XmppError, and what can be wrong before. */
export type SignInProblem =
	| 'address-invalid'
	| 'no-endpoint'
	| 'endpoint-insecure'
	/** accounts of this domain were signed in elsewhere than at the server that was typed */
	| 'other-server'
	| 'auth-failed'
	| 'no-scram'
	| 'registration-closed'
	| 'address-taken'
	| 'refused'
	| 'timeout'
	| 'storage-full'
	/** signed out, but the password is still kept */
	| 'not-forgotten'
	| 'offline';

const PROBLEMS: readonly unknown[] = [
	'no-endpoint',
	'endpoint-insecure',
	'registration-closed',
	'address-taken',
	'refused',
	'timeout',
	'storage-full',
];

/** Names a failure for the person who signs in; undefined for one without a text of its own. */
export function problemOf(thrown: unknown): SignInProblem | undefined {
	const { code } = thrown as { code?: unknown };
	return isProblem(code) ? code : undefined;
}

function isProblem(code: unknown): code is SignInProblem {
	return PROBLEMS.includes(code);
}
