/** A line about the connection to the server; nothing while all is well. */
export function connectionText(connection: string, catchingUp: boolean): string {
	if (connection === 'online') return catchingUp ? 'Catching up…' : '';
	if (connection === 'connecting') return 'Connecting…';
	if (connection === 'auth-failed')
		return 'The server no longer accepts the password. Sign out and in again.';
	return 'No connection. What you write is sent later.';
}
