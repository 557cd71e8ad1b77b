import type { Connection } from './connection.ts';
import { present } from './untrusted.ts';
import { asXmppError, type XmppError } from './xmpp-error.ts';

/** The name and picture that somebody publishes, as far as they could be asked for; only what is there and for us. */
export interface PublishedProfile {
	/** '' for none any more, as the other */
	readonly nick?: string;
	readonly avatarId?: string;
	/** why one of them could not be had, where the other could; it passes */
	readonly failure?: XmppError;
}

/** Asks for both at once. Throws XmppError where neither could be had. */
export async function fetchProfile(
	{ nicknames, avatars }: Pick<Connection, 'nicknames' | 'avatars'>,
	jid: string,
): Promise<PublishedProfile> {
	const answers = await Promise.allSettled([nicknames.fetch(jid), avatars.fetchId(jid)]);
	const failures = answers.flatMap((answer) =>
		answer.status === 'rejected' ? [asXmppError(answer.reason)] : [],
	);
	const [failure] = failures;
	const offline = failures.find(({ code }) => code === 'offline');
	if (offline !== undefined) throw offline;
	if (failure !== undefined && failures.length === answers.length) throw failure;
	const [nick, avatarId] = answers.map((answer) =>
		answer.status === 'fulfilled' ? answer.value : undefined,
	);
	return {
		...present('nick', nick),
		...present('avatarId', avatarId),
		...present('failure', failure),
	};
}
