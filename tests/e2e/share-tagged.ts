import { newFileSecret } from '../../src/core/crypto/file-keys.ts';
import { planTable } from '../../src/core/formats/tables/plan-table.ts';
import { ciphertextOf, keepFile, makeKeptFile, sourceOfBlob } from '../../src/media/keep-file.ts';
import { makeTableWriter } from '../../src/media/table-writer.ts';
import { createMemoryVault } from '../../src/vault/vault.ts';
import { aesgcmUri } from '../../tools/encrypt-file.ts';
import type { HostBehaviour, UploadHost } from '../../tools/upload-host.ts';

/** A file on the host as Balcony sends it, with its table of tags. */
export interface SharedTagged {
	readonly uri: string;
	readonly path: string;
	/** bytes of plaintext, table included */
	readonly size: number;
	/** bytes that it has gained in front of its media */
	readonly gain: number;
}

let files = 0;

export async function shareTagged(
	host: UploadHost,
	name: string,
	plaintext: Uint8Array,
	behaviour: HostBehaviour = {},
): Promise<SharedTagged> {
	const bytes = Uint8Array.from(plaintext);
	const read = async (start: number, end: number) => bytes.slice(start, end);
	const plan = await planTable({ size: bytes.length, read }, 'video/mp4');
	if (plan === undefined) throw new Error('no place for a table');
	const blob = new Blob(
		plan.map((part) => (part instanceof Uint8Array ? part : bytes.slice(part.start, part.end))),
	);
	const vault = createMemoryVault();
	const secret = await newFileSecret(true);
	const { record: made } = await makeKeptFile(vault, name, 'anna@example.org', secret);
	const source = sourceOfBlob(blob);
	const record = await keepFile({ source, record: made, vault, makeTable: makeTableWriter });
	const body = Buffer.from(await (await ciphertextOf(record, vault)).arrayBuffer());
	const [key, iv] = [secret.key, secret.iv].map((part) => Buffer.from(part).toString('hex'));
	files += 1;
	const path = `/tagged/${files}/${encodeURIComponent(name)}`;
	const uri = aesgcmUri(host.put(path, body, behaviour), { fragment: `${iv}${key}` });
	return { uri, path, size: blob.size, gain: blob.size - plaintext.length };
}
