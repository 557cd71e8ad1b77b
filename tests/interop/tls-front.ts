import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';

/** A port that speaks TLS and plain HTTP, before a server that speaks only the latter; links say https. */
export interface TlsFront {
	readonly port: number;
	/** a folder with the one certificate that is to be trusted */
	readonly certificates: string;
	close(): Promise<void>;
}

/** The first byte of a TLS record that begins a handshake (RFC 8446 section 5.1). */
const HANDSHAKE = 0x16;

/** `folder` is made, and gets a certificate for localhost. */
export async function startTlsFront(folder: string, target: number): Promise<TlsFront> {
	mkdirSync(folder, { recursive: true });
	const [certificate, key] = ['certificate.pem', 'key.pem'];
	const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
	const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
	execFileSync(
		'openssl',
		['req', '-x509', ...kind, '-keyout', `../${key}`, '-out', certificate, ...names],
		{ cwd: folder, stdio: 'ignore' },
	);
	const join = (near: net.Socket) => {
		const far = net.connect(target, '127.0.0.1');
		near.pipe(far).pipe(near);
		near.on('error', () => far.destroy());
		far.on('error', () => near.destroy());
	};
	const secure = tls.createServer(
		{
			cert: readFileSync(path.join(folder, certificate)),
			key: readFileSync(path.join(folder, '..', key)),
		},
		join,
	);
	const sockets = new Set<net.Socket>();
	const server = net.createServer((socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		socket.on('error', () => socket.destroy());
		socket.once('data', (chunk) => {
			socket.pause();
			socket.unshift(chunk);
			if (chunk[0] === HANDSHAKE) secure.emit('connection', socket);
			else join(socket);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		port: (server.address() as net.AddressInfo).port,
		certificates: folder,
		async close() {
			for (const socket of sockets) socket.destroy();
			server.close();
			await once(server, 'close');
		},
	};
}
