import { domainOf } from '../../core/links/address.ts';
import type { ChatRows } from '../../vault/chat-rows.ts';
import { isHome } from './credentials.ts';

/**
 * The WebSocket to sign in at. What somebody has typed has to be the server of before, or one that the domain names. What was
 * typed an earlier time, by whomever, is only for a domain that names none: where it names another host, that is taken.
 * undefined where nothing is left; throws what `find` throws, which looks for what the domain names where nothing is given.
 */
export async function chooseServer(
	rows: ChatRows,
	{ account, typed, known }: { account: string; typed: string; known: string },
	find: (given: string) => Promise<string>,
): Promise<string | undefined> {
	const given = typed || known;
	const url = await find(given);
	if (given === '') return url;
	const isBefore = await isHome(rows, domainOf(account), url);
	if (typed !== '' && isBefore) return url;
	const named = await find('').catch(() => undefined);
	if (named === undefined) return isBefore ? url : undefined;
	if (new URL(named).hostname === new URL(url).hostname) return url;
	return typed === '' ? named : undefined;
}
