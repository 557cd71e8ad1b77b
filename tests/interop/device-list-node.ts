import { makeConnection } from '../../src/xmpp/connection.ts';
import type { XmppServer } from '../../tools/xmpp-server.ts';
import { until } from './until.ts';

/** Makes the node of an account's device list: Profanity 0.13 publishes its device only on one that is there already. */
export async function makeDeviceListNode(
	server: XmppServer,
	user: string,
	password: string,
): Promise<void> {
	const nothing = () => undefined;
	let state = '';
	const connection = makeConnection({
		account: `${user}@localhost`,
		password,
		url: server.websocket,
		events: {
			state: (next) => {
				state = next;
			},
			bound: nothing,
			ended: nothing,
			message: async () => undefined,
			acked: nothing,
			deviceList: nothing,
			roster: nothing,
			presence: nothing,
			subscriptionRequest: nothing,
			blocked: nothing,
			avatar: nothing,
			nick: nothing,
		},
	});
	connection.connect('maker');
	await until('online', () => state === 'online');
	await connection.publishDeviceList([]);
	await connection.close();
}
