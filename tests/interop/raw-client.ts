import { createClient } from 'stanza';
import type { XmppServer } from '../../tools/xmpp-server.ts';

/** Another client of somebody's, that says what it is told to say. */
export interface RawClient {
	/** Sends markup as it is, past everything that would keep it in order. */
	send(xml: string): void;
	/** Listens to the markup of what comes. */
	listen(heard: (xml: string) => void): void;
	close(): void;
}

export async function startRawClient(
	server: Pick<XmppServer, 'websocket'>,
	user: string,
	password = user,
): Promise<RawClient> {
	const agent = createClient({
		jid: `${user}@localhost`,
		password,
		transports: { websocket: server.websocket, bosh: false },
	});
	await new Promise<void>((resolve) => {
		agent.on('session:started', () => resolve());
		agent.connect();
	});
	const transport = agent.transport as unknown as { socket: WebSocket };
	return {
		send: (xml) => transport.socket.send(xml),
		listen: (heard) => void agent.on('raw:incoming', heard),
		close: () => agent.disconnect(),
	};
}

/** A message as markup. */
export function messageXml(to: string, content: string, attributes = ''): string {
	return `<message xmlns="jabber:client" to="${to}" type="chat" ${attributes}>${content}</message>`;
}

/** Publishes a list of OMEMO devices as it is. */
export function deviceListXml(ids: readonly number[]): string {
	const namespace = 'eu.siacs.conversations.axolotl';
	const devices = ids.map((id) => `<device id="${id}"/>`).join('');
	return `<iq xmlns="jabber:client" type="set" id="list-${ids.join('-')}"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="${namespace}.devicelist"><item id="current"><list xmlns="${namespace}">${devices}</list></item></publish></pubsub></iq>`;
}
