/** Why a message cannot be read, or was not sent, for people. */
export function problemText(problem: string): string {
	// As rows from before have it, with a name that the sender gave.
	if (problem.startsWith('foreign:')) return problemText('unreadable:unknown-encryption');
	switch (problem) {
		case 'unreadable:omemo-2':
			return "Encrypted with a newer version of OMEMO, which Balcony can't read yet.";
		case 'unreadable:openpgp':
			return "Encrypted with OpenPGP, which Balcony can't read.";
		case 'unreadable:otr':
			return "Encrypted with OTR, which Balcony can't read.";
		case 'unreadable:unknown-encryption':
			return "Encrypted in a way that Balcony can't read.";
		case 'unreadable:not-encrypted':
			return 'The encrypted part of this message is missing.';
		case 'unreadable:call':
			return "A call. Balcony can't take calls yet.";
		case 'unreadable:invitation':
			return 'An invitation to a group. Balcony has no groups yet.';
		case 'unreadable:file':
			return "A file of a kind that Balcony can't open yet.";
		case 'not-for-us':
			return 'Encrypted, but not for this device. It may not have been known to the sender yet.';
		case 'session-broken':
			return 'This message cannot be decrypted. The next ones can: a new session was begun.';
		case 'duplicate':
			return "This message can't be decrypted: its key was used before.";
		case 'element-invalid':
		case 'payload-invalid':
			return 'This message was damaged on its way.';
		case 'no-devices':
			return 'They have no device that can read encrypted messages, or are not reachable.';
		case 'no-trusted-devices':
			return 'You trust none of their devices. Decide in their details.';
		case 'item-not-found':
		case 'service-unavailable':
			return 'There is no such address, or it takes no messages from you.';
		case 'jid-malformed':
			return 'This address is not valid.';
		case 'gone':
		case 'redirect':
			return 'This address is not used any more.';
		case 'remote-server-not-found':
			return "Their server can't be found. Check the address.";
		case 'remote-server-timeout':
			return "Their server can't be reached.";
		case 'timeout':
		case 'unavailable':
		case 'recipient-unavailable':
			return 'There was no answer. Try again later.';
		case 'not-acceptable':
			// XEP-0191 section 3.2: our own server says so of a contact whom we have blocked.
			return 'Not accepted. You may have blocked this contact.';
		case 'not-allowed':
			return 'Your server, or theirs, does not allow messages to this address.';
		case 'forbidden':
		case 'not-authorized':
		case 'registration-required':
		case 'subscription-required':
			return 'You are not allowed to write to this address.';
		case 'policy-violation':
			return 'A server refused this message because of its rules.';
		case 'resource-constraint':
			return 'Their server has no room for it just now. Try again later.';
		case 'internal-server-error':
		case 'undefined-condition':
			return 'A server had a problem with this message. Try again later.';
		case 'feature-not-implemented':
		case 'bad-request':
		case 'unexpected-request':
			return 'Their server does not understand this message.';
		case 'too-long':
			return 'This message is too long to send. Shorten it.';
		case 'stream-ended':
			return 'Your server closed the connection because of this message. Shorten or reword it.';
		case 'storage-full':
			return "There's no room on this device. Free some space and try again.";
		case 'internal':
			return 'Something went wrong in Balcony. Try again.';
		default:
			return 'This did not work. Try again.';
	}
}

/** Why a message still waits, for people. `condition`: of what was tried last, if anything was. */
export function waitingText(condition: string | undefined): string {
	switch (condition) {
		case undefined:
			return 'Still sending…';
		case 'remote-server-timeout':
		case 'remote-server-not-found':
		case 'timeout':
			return "Their server doesn't respond. Balcony keeps trying.";
		case 'unavailable':
			return "Their encryption keys can't be loaded. Balcony keeps trying.";
		case 'recipient-unavailable':
			return "They can't be reached. Balcony keeps trying.";
		case 'resource-constraint':
			return 'Their server is busy. Balcony keeps trying.';
		case 'storage-full':
			return "There's no room on this device. Free some space to send it.";
		default:
			return "This can't be sent just now. Balcony keeps trying.";
	}
}
