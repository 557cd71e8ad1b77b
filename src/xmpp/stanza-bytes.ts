import { Platform } from 'stanza';

/** Bytes in the one form that stanza writes as base64: a Buffer of its own. */
export function stanzaBytes(bytes: Uint8Array): InstanceType<typeof Platform.Buffer> {
	return Platform.Buffer.from(bytes);
}
