import { type RawClient, startRawClient } from '../interop/raw-client.ts';
import { test as base, PASSWORD, registered } from './chat-fixtures.ts';

interface RawContact {
	/** somebody's client, that says what it is told to say */
	mallory: RawClient & { readonly jid: string };
}

export const test = base.extend<RawContact>({
	mallory: async ({ server }, use) => {
		const user = await registered(server, 'mallory');
		const client = await startRawClient(server, user, PASSWORD);
		await use({ ...client, jid: `${user}@localhost` });
		client.close();
	},
});
