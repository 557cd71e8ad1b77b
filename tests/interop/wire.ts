import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { XmppServer } from '../../tools/xmpp-server.ts';

/** One stanza, or element of the stream, that passed: each is a text frame of its own (RFC 7395 section 3.3). */
export interface Passed {
	readonly from: 'client' | 'server';
	/** as it came, before anything was changed */
	readonly xml: string;
	/** which connection, counted from 0 */
	readonly line: number;
}

/** How one connection can be ended. */
export interface WireLine {
	readonly number: number;
	/** Says something to the client, as if the server did. */
	tell(xml: string): void;
	/** As a network does that is gone: without a word. */
	cut(): void;
	/** As a server does: with a stream error (RFC 6120 section 4.9), and a close frame. */
	end(condition: string, code: number): void;
}

/** A WebSocket line to a server that hears, and may change, each stanza. */
export interface Wire {
	/** the server as it is reached over this line */
	readonly server: XmppServer;
	/** all that passed */
	readonly log: Passed[];
	/** What goes on in the place of a stanza; undefined for nothing. */
	pass: (xml: string, from: 'client' | 'server', line: WireLine) => string | undefined;
	/** Cuts all lines. */
	cut(): void;
	/** Cuts them, and lets nobody through until it is mended. */
	break(): void;
	mend(): void;
	close(): Promise<void>;
}

export async function startWire(server: XmppServer): Promise<Wire> {
	const near = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'xmpp' });
	await once(near, 'listening');
	const lines = new Set<WireLine>();
	let broken = false;
	let count = 0;
	const { port } = near.address() as AddressInfo;
	const wire: Wire = {
		server: { ...server, websocket: `ws://localhost:${port}/xmpp-websocket` },
		log: [],
		pass: (xml) => xml,
		cut() {
			for (const line of lines) line.cut();
		},
		break() {
			broken = true;
			wire.cut();
		},
		mend() {
			broken = false;
		},
		async close() {
			wire.break();
			near.close();
			await once(near, 'close');
		},
	};
	near.on('connection', (client) => {
		if (broken) return client.terminate();
		const far = new WebSocket(server.websocket, 'xmpp');
		let isOver = false;
		const over = () => {
			isOver = true;
			lines.delete(line);
		};
		const line: WireLine = {
			number: count++,
			tell: (xml) => client.send(xml),
			cut() {
				over();
				client.terminate();
				far.terminate();
			},
			end(condition, code) {
				over();
				far.terminate();
				const streams = 'xmlns:stream="http://etherx.jabber.org/streams"';
				const errors = 'xmlns="urn:ietf:params:xml:ns:xmpp-streams"';
				if (condition !== '') {
					client.send(`<stream:error ${streams}><${condition} ${errors}/></stream:error>`);
					client.send('<close xmlns="urn:ietf:params:xml:ns:xmpp-framing"/>');
				}
				client.close(code);
			},
		};
		lines.add(line);
		const early: string[] = [];
		const send = (to: WebSocket, xml: string) => {
			if (to.readyState === WebSocket.CONNECTING) early.push(xml);
			else if (to.readyState === WebSocket.OPEN) to.send(xml);
		};
		far.on('open', () => {
			for (const xml of early) far.send(xml);
		});
		for (const [one, other, from] of [
			[client, far, 'client'],
			[far, client, 'server'],
		] as const) {
			one.on('message', (data) => {
				if (isOver) return;
				const xml = String(data);
				wire.log.push({ from, xml, line: line.number });
				const on = wire.pass(xml, from, line);
				if (on !== undefined && !isOver) send(other, on);
			});
			one.on('error', () => one.terminate());
			one.on('close', (code, reason) => {
				if (isOver) return;
				over();
				// 1005 and 1006 are for what had no code (RFC 6455 section 7.4.1).
				if (code === 1006) other.terminate();
				else if (code === 1005) other.close();
				else other.close(code, reason);
			});
		}
	});
	return wire;
}
