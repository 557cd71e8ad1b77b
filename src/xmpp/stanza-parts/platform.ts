import { Buffer } from './buffer.ts';

export { createHash, createHmac, getHashes } from './hash.ts';
export { Duplex, Transform } from './stream.ts';
/** What stanza asks of where it runs, in place of its own: there, all that Node has is rebuilt. */
export { Buffer };

export const WebSocket = globalThis.WebSocket;

export function randomBytes(size: number) {
	return Buffer.from(crypto.getRandomValues(new Uint8Array(size)));
}
