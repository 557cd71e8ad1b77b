import { randomBytes } from 'node:crypto';
import { parseAesgcmUri } from '../../../src/core/links/aesgcm-uri.ts';
import { LIMITS, type Limits } from '../../../src/media/limits.ts';
import { plaintextStream } from '../../../src/media/plaintext-stream.ts';
import { openStreamedFile, type StreamedFile } from '../../../src/media/streamed-file.ts';
import type { MediaRecord } from '../../../src/vault/media-record.ts';
import { LINKS } from '../../../src/vault/media-record.ts';
import { createMemoryVault, type Vault } from '../../../src/vault/vault.ts';
import { aesgcmUri, encryptFile } from '../../../tools/encrypt-file.ts';
import type { HostBehaviour, UploadHost } from '../../../tools/upload-host.ts';

/** As in the app, but impatient. Times in milliseconds. */
export const TEST_LIMITS = { ...LIMITS, backoff: 5, idle: 300 };

/** Random bytes that begin like an MP4. */
export function videoLike(size: number): Buffer {
	const bytes = randomBytes(size);
	Buffer.from('000000206674797069736f6d', 'hex').copy(bytes);
	return bytes;
}

export interface Opened {
	readonly session: StreamedFile;
	readonly vault: Vault;
	readonly id: string;
	readonly path: string;
	/** A worker that knows only what the vault holds. */
	again(): Promise<StreamedFile>;
}

let files = 0;

export async function openOn(
	host: UploadHost,
	plaintext: Uint8Array,
	behaviour: HostBehaviour = {},
	ivLength = 12,
	{
		limits = TEST_LIMITS,
		changed = () => undefined,
	}: { limits?: Limits; changed?: () => void } = {},
): Promise<Opened> {
	const encrypted = await encryptFile(plaintext, ivLength);
	files += 1;
	const path = `/file/${files}/video.mp4`;
	const uri = aesgcmUri(host.put(path, encrypted.bytes, behaviour), encrypted);
	const vault = { ...createMemoryVault(), durable: true };
	const record = await vault.media.add(parseAesgcmUri(uri), LINKS);
	const open = (stored: MediaRecord) =>
		openStreamedFile({ record: stored, vault, changed, limits });
	return {
		session: await open(record),
		vault,
		id: record.id,
		path,
		again: async () => open((await vault.media.get(record.id)) as MediaRecord),
	};
}

export async function readAll(
	session: StreamedFile,
	start: number,
	end: number,
	heldBack = false,
): Promise<Buffer> {
	const parts: Uint8Array[] = [];
	const reader = plaintextStream(session, { start, end, heldBack }).getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return Buffer.concat(parts);
		parts.push(value);
	}
}
