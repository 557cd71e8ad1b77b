import type { ChatRows } from '../../vault/chat-rows.ts';
import { registerAccount } from '../../xmpp/extensions/registration/register-account.ts';
import { chooseServer } from './choose-server.ts';
import { findEndpoint } from './find-endpoint.ts';

/**
 * The WebSocket to sign in at, where the account is made first if it is new; undefined where none of the known ones is right.
 * Throws XmppError.
 */
export async function reachServer(
	rows: ChatRows,
	{
		account,
		password,
		typed,
		known,
		isNew,
	}: { account: string; password: string; typed: string; known: string; isNew: boolean },
	loopback: boolean,
): Promise<string | undefined> {
	const find = (given: string) => findEndpoint(account, given, loopback);
	const url = await chooseServer(rows, { account, typed, known }, find);
	if (url !== undefined && isNew) await registerAccount({ account, password, url });
	return url;
}
