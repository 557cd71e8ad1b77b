import { once } from 'node:events';
import net from 'node:net';

/** An account that a server is started with. */
export interface XmppAccount {
	readonly user: string;
	readonly password: string;
}

/** A real XMPP server on loopback, with its data in a folder of its own. */
export interface XmppServer {
	readonly domain: string;
	/** where browsers connect */
	readonly websocket: string;
	/** where other clients connect, without TLS */
	readonly port: number;
	readonly httpPort: number;
	/** Ends it at once, as a power cut would. */
	kill(): Promise<void>;
	/** Starts it again over the same data. */
	start(): Promise<void>;
	close(): Promise<void>;
	/** Makes an account, or changes its password. */
	register(account: XmppAccount): Promise<void>;
}

/** A port of this machine that nothing listens on. */
export async function freePort(): Promise<number> {
	const server = net.createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as net.AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}
