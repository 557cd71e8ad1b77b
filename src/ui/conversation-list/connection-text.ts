import { CONNECTION_WORDS as WORDS } from './words.ts';

/** A line about the connection to the server; nothing while all is well. */
export function connectionText(connection: string, catchingUp: boolean): string {
	if (connection === 'online') return catchingUp ? WORDS.catchingUp : '';
	if (connection === 'connecting') return WORDS.connecting;
	if (connection === 'auth-failed') return WORDS.refused;
	return WORDS.offline;
}
