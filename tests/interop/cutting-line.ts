import { once } from 'node:events';
import net from 'node:net';

/** A line to a port of this machine that can be cut at any moment, with what is under way on it. */
export interface CuttingLine {
	readonly port: number;
	cut(): void;
	/** Cuts it, and lets nothing through until it is mended. */
	break(): void;
	mend(): void;
	close(): Promise<void>;
}

/** `rate`: bytes a second that come through, for each connection. */
export async function startCuttingLine(target: number, rate = Infinity): Promise<CuttingLine> {
	const sockets = new Set<net.Socket>();
	let broken = false;
	const cut = () => {
		for (const socket of sockets) socket.resetAndDestroy();
	};
	const server = net.createServer((near) => {
		if (broken) {
			near.resetAndDestroy();
			return;
		}
		const far = net.connect(target, '127.0.0.1');
		for (const [one, other] of [
			[near, far],
			[far, near],
		] as const) {
			sockets.add(one);
			one.on('data', (chunk) => {
				other.write(chunk);
				if (rate === Infinity) return;
				one.pause();
				setTimeout(() => one.resume(), (chunk.length / rate) * 1000);
			});
			one.on('error', () => one.destroy());
			one.on('close', () => {
				sockets.delete(one);
				other.destroy();
			});
		}
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		port: (server.address() as net.AddressInfo).port,
		cut,
		break() {
			broken = true;
			cut();
		},
		mend() {
			broken = false;
		},
		async close() {
			for (const socket of sockets) socket.destroy();
			server.close();
			await once(server, 'close');
		},
	};
}
