import { randomInt } from 'node:crypto';
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

/** Below what systems give out by themselves (RFC 6335 section 6 and Linux): a connection on its way out takes none of these. */
const PORTS = [12_000, 32_000] as const;

/** A port of this machine that nothing listens on, to be listened on a moment later. */
export async function freePort(): Promise<number> {
	for (;;) {
		const port = randomInt(...PORTS);
		const server = net.createServer().listen(port, '127.0.0.1');
		const isFree = await once(server, 'listening').then(
			() => true,
			() => false,
		);
		if (!isFree) continue;
		server.close();
		await once(server, 'close');
		return port;
	}
}
