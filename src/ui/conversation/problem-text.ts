/** Why a message cannot be read, or was not sent, for people. */
export function problemText(problem: string): string {
	if (problem.startsWith('foreign:'))
		return `Encrypted in a way that is not supported here (${problem.slice('foreign:'.length)}).`;
	switch (problem) {
		case 'not-for-us':
			return 'Encrypted, but not for this device. It may not have been known to the sender yet.';
		case 'session-broken':
			return 'This message cannot be decrypted. The next ones can: a new session was begun.';
		case 'payload-invalid':
			return 'This message was damaged on its way.';
		case 'no-devices':
			return 'They have no device that can read encrypted messages, or are not reachable.';
		case 'no-trusted-devices':
			return 'You trust none of their devices. Decide in their details.';
		case 'item-not-found':
		case 'service-unavailable':
			return 'There is no such address, or it takes no messages from you.';
		case 'remote-server-not-found':
		case 'remote-server-timeout':
			return 'Their server cannot be reached.';
		default:
			return 'This did not work. Try again.';
	}
}
