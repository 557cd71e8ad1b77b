import * as v from 'valibot';
import { fitting, rowSchema } from '../../core/row-schema.ts';
import type { ChatRows } from '../../vault/chat-rows.ts';

const KEY = 'account';
const SERVER_KEY = 'server';

/** Where the server of a domain was found by what somebody typed; stays when they sign out. */
export interface KnownServer {
	readonly domain: string;
	/** of the WebSocket */
	readonly url: string;
}

/** Signs in again after a restart; sealed by the vault. */
export interface Credentials {
	/** bare, as the server writes it */
	readonly account: string;
	/** what was typed, if that is not the same */
	readonly login?: string;
	readonly password: string;
	/** of the WebSocket */
	readonly url: string;
}

const KNOWN_SERVER = rowSchema<KnownServer>({ domain: v.string(), url: v.string() });
const CREDENTIALS = rowSchema<Credentials>({
	account: v.string(),
	login: v.optional(v.string()),
	password: v.string(),
	url: v.string(),
});

export async function loadCredentials(rows: ChatRows): Promise<Credentials | undefined> {
	return fitting(CREDENTIALS, await rows.get(KEY));
}

export async function saveCredentials(rows: ChatRows, credentials: Credentials): Promise<void> {
	await rows.write([await rows.put(KEY, credentials)]);
}

export async function forgetCredentials(rows: ChatRows): Promise<void> {
	await rows.write([rows.remove(KEY)]);
}

export async function loadServer(rows: ChatRows): Promise<KnownServer | undefined> {
	return fitting(KNOWN_SERVER, await rows.get(SERVER_KEY));
}

export async function saveServer(rows: ChatRows, server: KnownServer): Promise<void> {
	await rows.write([await rows.put(SERVER_KEY, server)]);
}

/**
 * The host at which accounts of a domain were signed in; stays when they sign out. Another one that somebody types is not
 * taken: a server of theirs would let them in to whatever account of the domain they say, and its messages are here.
 */
export async function isHome(rows: ChatRows, domain: string, url: string): Promise<boolean> {
	const home = await rows.get(homeKey(domain));
	return home === undefined || home === new URL(url).hostname;
}

export async function saveHome(rows: ChatRows, domain: string, url: string): Promise<void> {
	await rows.write([await rows.put(homeKey(domain), new URL(url).hostname)]);
}

const homeKey = (domain: string) => `home\n${domain}`;
