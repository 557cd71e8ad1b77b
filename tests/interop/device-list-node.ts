import { makeConnection } from '../../src/xmpp/connection.ts';
import { listenTo } from '../../tools/listen-to.ts';
import type { XmppServer } from '../../tools/xmpp-server.ts';
import { until } from './until.ts';

/** Makes the node of an account's device list: Profanity 0.13 publishes its device only on one that is there already. */
export function makeDeviceListNode(
	server: XmppServer,
	user: string,
	password: string,
): Promise<void> {
	return publishDevices(server, user, password, []);
}

/** Publishes a list of devices, whether they are there or not. */
export async function publishDevices(
	server: XmppServer,
	user: string,
	password: string,
	ids: readonly number[],
): Promise<void> {
	let state = '';
	const connection = makeConnection({
		account: `${user}@localhost`,
		password,
		url: server.websocket,
		events: listenTo({
			state: (next) => {
				state = next;
			},
		}),
	});
	connection.connect('maker');
	await until('online', () => state === 'online');
	await connection.devices.publishDeviceList(ids);
	await connection.close();
}
